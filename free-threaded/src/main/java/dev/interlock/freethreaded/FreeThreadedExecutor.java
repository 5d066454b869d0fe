// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.spi.AbstractTaskExecutor;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.TaskRun;
import dev.interlock.spi.WorkerScope;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks on threads that share memory, with no lock between submit and result.
 *
 * <pre>
 *   thread outside --&gt; inbox of a lane --+
 *                                        +--&gt; worker that holds the lane, else a thief --&gt; future
 *   task on a lane --&gt; forks of its lane +
 * </pre>
 *
 * <p>The {@link Scheduler} knows who runs, who sleeps and who must be woken; a {@link Worker} is a
 * thread; a {@link Lane} is what it needs to run tasks. {@code docs/free-threaded.md} has the
 * protocol. A task that a worker has taken from a queue can be cancelled until it begins.
 */
final class FreeThreadedExecutor extends AbstractTaskExecutor {
  private static final Logger log = LoggerFactory.getLogger(FreeThreadedExecutor.class);

  private final Scheduler scheduler;
  private final AtomicBoolean saturationTold = new AtomicBoolean();

  FreeThreadedExecutor(ExecutorSettings settings) {
    super(settings, FreeThreadedProvider.CAPABILITIES, true);
    this.scheduler =
        new Scheduler(this, settings, ThreadOptions.of(settings), settings.workerInitializer());
  }

  /** Only where tasks are counted: then the queue is never closed. */
  @Override
  protected void enqueue(TaskRun<?> run) {
    if (!tryEnqueue((Runnable) run)) {
      throw new IllegalStateException("the queue is closed");
    }
  }

  @Override
  protected boolean tryEnqueue(TaskRun<?> run) {
    return tryEnqueue((Runnable) run);
  }

  @Override
  protected boolean tryEnqueue(Runnable task) {
    if (WorkerScope.current() instanceof Worker worker && worker.executor() == this) {
      return worker.submit(task);
    }
    return scheduler.submitFromOutside(task);
  }

  @Override
  protected void closeQueue() {
    scheduler.close();
  }

  @Override
  protected List<Runnable> drainQueue() {
    return scheduler.drain();
  }

  @Override
  protected void drained() {
    scheduler.drained();
  }

  @Override
  protected void interruptRunning() {
    scheduler.interruptRunning();
  }

  @Override
  protected void interruptWhereItRuns(TaskRun<?> run) {
    scheduler.interrupt(run);
  }

  @Override
  protected void stopWorkers() {
    scheduler.stop();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  boolean isCounted() {
    return countsTasks();
  }

  void lastTaskEnded() {
    quiescent();
  }

  void lastThreadEnded() {
    workersGone();
  }

  void initializerFailed(Throwable failure) {
    breakExecutor("the worker initializer failed. No task can run.", failure);
  }

  /** A thread could not be started; if no other one is left, nobody can run what is queued. */
  void threadNotStarted(Throwable failure, boolean others) {
    if (others) {
      log.warn("{}: a worker thread could not be started; the others go on", this, failure);
    } else {
      breakExecutor("no worker thread can be started.", failure);
    }
  }

  /** Says it once: from then on the queued tasks wait for the blocked ones. */
  void saturated(int limit) {
    if (saturationTold.compareAndSet(false, true)) {
      log.warn(
          "{}: there are {} threads, which is the limit, and tasks are queued while workers are"
              + " blocked. They wait until a blocked one comes back. Raise"
              + " interlock.free-threaded.max-threads if they wait for each other.",
          this,
          limit);
    }
  }
}
