// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

import dev.interlock.contract.QueueKit;
import dev.interlock.subinterpreter.InterpreterQueue;
import dev.interlock.subinterpreter.Interpreters;
import dev.interlock.subinterpreter.ItemInterpreterDestroyedException;
import dev.interlock.subinterpreter.QueueEmptyException;
import dev.interlock.subinterpreter.QueueFullException;
import dev.interlock.subinterpreter.QueueNotFoundException;
import dev.interlock.subinterpreter.QueueOptions;
import dev.interlock.subinterpreter.UnboundItems;
import java.time.Duration;

/** This strategy's queues for the contract. In a package whose classes each interpreter has. */
public final class Queues implements QueueKit {
  @Override
  public Handle create(int maxSize, Unbound policy) {
    return new Wrapped(
        Interpreters.createQueue(
            QueueOptions.defaults()
                .withMaxSize(maxSize)
                .withUnboundItems(UnboundItems.valueOf(policy.name()))));
  }

  @Override
  public Handle lookup(long id) {
    return new Wrapped(Interpreters.lookupQueue(id));
  }

  @Override
  public boolean isShareable(Object value) {
    return Interpreters.isShareable(value);
  }

  @Override
  public Object unbound() {
    return InterpreterQueue.UNBOUND;
  }

  @Override
  public Class<? extends Exception> full() {
    return QueueFullException.class;
  }

  @Override
  public Class<? extends Exception> empty() {
    return QueueEmptyException.class;
  }

  @Override
  public Class<? extends Exception> notFound() {
    return QueueNotFoundException.class;
  }

  @Override
  public Class<? extends Exception> itemInterpreterDestroyed() {
    return ItemInterpreterDestroyedException.class;
  }

  /** Forwards everything. */
  private record Wrapped(InterpreterQueue queue) implements Handle {
    @Override
    public long id() {
      return queue.id();
    }

    @Override
    public void put(Object item) throws InterruptedException {
      queue.put(item);
    }

    @Override
    public void put(Object item, Duration timeout) throws InterruptedException {
      queue.put(item, timeout);
    }

    @Override
    public void putNow(Object item) {
      queue.putNow(item);
    }

    @Override
    public Object get() throws InterruptedException {
      return queue.get();
    }

    @Override
    public Object get(Duration timeout) throws InterruptedException {
      return queue.get(timeout);
    }

    @Override
    public Object getNow() {
      return queue.getNow();
    }

    @Override
    public long size() {
      return queue.size();
    }

    @Override
    public boolean isEmpty() {
      return queue.isEmpty();
    }

    @Override
    public boolean isFull() {
      return queue.isFull();
    }

    @Override
    public void close() {
      queue.close();
    }
  }
}
