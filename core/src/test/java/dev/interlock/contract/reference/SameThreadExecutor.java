// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract.reference;

import dev.interlock.Action;
import dev.interlock.Capability;
import dev.interlock.TaskExecutor;
import dev.interlock.spi.AbstractTaskExecutor;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.InterruptSlot;
import dev.interlock.spi.TaskRun;
import dev.interlock.spi.WorkerScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs every task on the same one thread, in the order of submission. The reference of the
 * contract.
 *
 * <p>A task that waited for another one would wait for ever, since its own thread is the one that
 * would have to run it; so a task must not submit to its own executor.
 */
public class SameThreadExecutor extends AbstractTaskExecutor {
  /** What one thread can do. */
  public static final Set<Capability> CAPABILITIES =
      Set.of(Capability.SHARED_MEMORY, Capability.MUTUAL_EXCLUSION);

  /** Ends the thread; its owner puts it into the queue once, after the last task. */
  private static final Object END = new Object();

  private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
  private final Thread thread;
  private final InterruptSlot slot;

  /** Starts the thread. */
  public SameThreadExecutor(ExecutorSettings settings) {
    this(settings, CAPABILITIES);
  }

  protected SameThreadExecutor(ExecutorSettings settings, Set<Capability> capabilities) {
    super(settings, capabilities);
    thread = new Thread(this::work, settings.name() + "-worker");
    thread.setDaemon(true);
    slot = InterruptSlot.ofWorker(thread);
    tally().workerStarted();
    thread.start();
  }

  private void work() {
    new Scope().bind();
    boolean ready = initialize();
    try {
      Object next = queue.take();
      while (next != END) {
        if (ready) {
          runNext((TaskRun<?>) next);
        }
        next = queue.take();
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted between tasks", e);
    } finally {
      tally().workerEnded();
      workersGone();
    }
  }

  private boolean initialize() {
    Action initializer = settings().workerInitializer();
    if (initializer == null) {
      return true;
    }
    try {
      initializer.run();
      return true;
    } catch (Throwable failure) { // the initializer's own: whoever waits for a result gets it
      breakExecutor("the worker initializer failed: " + failure, failure);
      return false;
    }
  }

  /** Runs a task that has just left the queue. */
  protected void runNext(TaskRun<?> run) {
    run.runIn(slot);
  }

  /** The slot of the one thread. */
  protected final InterruptSlot slot() {
    return slot;
  }

  @Override
  protected <T> TaskRun<T> prepare(Callable<T> task) {
    if (WorkerScope.isWorkerOf(this)) {
      throw new RejectedExecutionException(
          settings().name()
              + ": a task of a one-thread executor cannot submit to it. Submit outside of tasks, or"
              + " use a strategy with the capability NESTED_SUBMIT.");
    }
    return super.prepare(task);
  }

  @Override
  protected void enqueue(TaskRun<?> run) {
    queue.add(run);
  }

  @Override
  protected List<TaskRun<?>> drainQueue() {
    List<Object> drained = new ArrayList<>();
    queue.drainTo(drained);
    List<TaskRun<?>> runs = new ArrayList<>();
    for (Object element : drained) {
      if (element instanceof TaskRun<?> run) {
        runs.add(run);
      } else {
        queue.add(element);
      }
    }
    return runs;
  }

  @Override
  protected void interruptRunning() {
    slot.interruptOccupant();
  }

  @Override
  protected void stopWorkers() {
    queue.add(END);
  }

  /** The one thread; nothing happens around blocking calls, since no other could step in. */
  private final class Scope extends WorkerScope {
    @Override
    protected TaskExecutor executor() {
      return SameThreadExecutor.this;
    }

    @Override
    protected void beforeBlocking() {}

    @Override
    protected void afterBlocking() {}
  }
}
