// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.Capability;
import dev.interlock.spi.AbstractTaskExecutor;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.TaskRun;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The executor of the strategy: one {@link InterpreterLock}, one {@link WorkerPool}.
 *
 * <pre>
 *   submit -> [queue, FIFO] -> a worker: lock.acquire -> take -> begin -> body -> lock.release -> future, callbacks
 * </pre>
 *
 * <p>A worker takes a task out of the queue only when it has the lock, so a task that waits for the
 * lock is still queued: it can be cancelled, and {@code shutdownNow} returns it.
 */
final class GilExecutor extends AbstractTaskExecutor {
  private final InterpreterLock lock;
  private final Gil gil;
  private final WorkerPool pool;
  private final boolean counts;

  GilExecutor(ExecutorSettings settings, Set<Capability> capabilities, GilOptions options) {
    super(settings, capabilities);
    this.lock = new InterpreterLock(settings.name(), options.lock());
    this.gil = new Gil(lock);
    this.counts = options.lock().policy() == SwitchPolicy.CHECK_INTERVAL;
    this.pool = new WorkerPool(this, settings, lock, options.maxThreads(), options.virtual());
    if (counts) {
      EvalBreaker.beginCounting();
    }
  }

  Gil gil() {
    return gil;
  }

  @Override
  protected <T extends @Nullable Object> TaskRun<T> prepare(Callable<T> task) {
    return new GilRun<>(this, lock, task);
  }

  @Override
  protected void enqueue(TaskRun<?> run) {
    pool.add(run);
  }

  @Override
  protected List<TaskRun<?>> drainQueue() {
    return pool.drain();
  }

  @Override
  protected void interruptRunning() {
    pool.interruptRunning();
  }

  @Override
  protected void stopWorkers() {
    pool.stop();
  }

  void allWorkersEnded() {
    lock.control(null); // else each check in the process would go on looking
    if (counts) {
      EvalBreaker.endCounting();
    }
    workersGone();
  }

  void broken(String what, Throwable cause) {
    breakExecutor(what, cause);
  }
}
