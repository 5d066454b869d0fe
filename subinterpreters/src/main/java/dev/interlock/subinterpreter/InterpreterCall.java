// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import com.google.common.util.concurrent.AbstractFuture;
import dev.interlock.Blocking;
import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.InterruptSlot;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A call on a thread of its own: {@link Interpreter#callInThread}. Waiting for it counts as {@link
 * dev.interlock.Blocking}. Cancelling it before its thread has the interpreter's lock keeps it from
 * running; {@code cancel(true)} interrupts it.
 *
 * @param <T> the type of the result
 */
final class InterpreterCall<T extends @Nullable Object> extends AbstractFuture<T> {
  private volatile @Nullable InterruptSlot slot;

  /**
   * The life of the call's thread.
   *
   * @param ended called when no more code of the interpreter runs here, before the future is done:
   *     whoever sees that may close the interpreter
   */
  @SuppressWarnings("unchecked") // the task said that its result is a T
  void run(InterpreterState state, Work work, TaskCodec caller, Runnable ended) {
    InterruptSlot own = InterruptSlot.ofWorker(Thread.currentThread());
    state.enter(null);
    Reply reply;
    own.enter(this);
    try {
      slot = own;
      reply = state.run(here -> isDone() ? Reply.DONE : work.run(here));
    } finally {
      own.leave(this);
      slot = null;
      InterpreterState.leave();
      ended.run();
    }
    try {
      set((T) reply.open(state.id(), caller));
    } catch (Throwable e) { // of the task, or of decoding its result
      setException(e);
    }
  }

  @Override
  protected void interruptTask() {
    InterruptSlot occupied = slot;
    if (occupied != null) {
      occupied.interrupt(this);
    }
  }

  @Override
  @SuppressWarnings("NullAway") // T may be nullable
  public T get() throws InterruptedException, ExecutionException {
    try {
      return isDone() ? super.get() : Blocking.call(super::get);
    } catch (InterruptedException | ExecutionException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  @SuppressWarnings("NullAway") // T may be nullable
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      return isDone() ? super.get() : Blocking.call(() -> super.get(timeout, unit));
    } catch (InterruptedException | ExecutionException | TimeoutException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
