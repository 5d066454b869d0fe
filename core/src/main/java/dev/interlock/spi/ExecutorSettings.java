// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Action;
import dev.interlock.Task;
import dev.interlock.TaskDecorator;
import dev.interlock.TaskOptions;
import dev.interlock.TaskOutputListener;
import dev.interlock.config.Options;
import java.lang.Thread.UncaughtExceptionHandler;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * What every strategy is told. Values are checked already.
 *
 * @param strategy the strategy's name
 * @param name the executor's name; worker threads are named after it
 * @param workers how many workers run tasks side by side, at least 1
 * @param workersChosen whether the user chose that number; if not, the strategy may know better
 * @param queueCapacity tasks that may wait for a worker; 0 for unbounded
 * @param whenFull what {@code submit} does when the queue is full
 * @param submitSite whether failures carry the submitter's stack
 * @param chunkTime how long a chunk of {@code map} should take, where chunks adapt
 * @param taskDefaults the limits of tasks that are submitted without their own
 * @param workerInitializer runs once in each worker before its first task, if any
 * @param decorators wrap every task; the first is the outermost
 * @param threadFactory makes the worker threads, if any; only where they belong to this process
 * @param uncaughtExceptionHandler gets the failures of {@code execute}, if any; else it is the
 *     handler of the thread
 * @param taskOutput gets what tasks print, if any; only where workers have an output of their own
 * @param options the strategy's own options, {@code interlock.<strategy>}
 */
public record ExecutorSettings(
    String strategy,
    String name,
    int workers,
    boolean workersChosen,
    int queueCapacity,
    QueuePolicy whenFull,
    boolean submitSite,
    Duration chunkTime,
    TaskOptions taskDefaults,
    @Nullable Action workerInitializer,
    List<TaskDecorator> decorators,
    @Nullable ThreadFactory threadFactory,
    @Nullable UncaughtExceptionHandler uncaughtExceptionHandler,
    @Nullable TaskOutputListener taskOutput,
    Options options) {

  /** Copies the list. */
  public ExecutorSettings {
    decorators = List.copyOf(decorators);
  }

  /** The same for so many workers: for a strategy that knows better than its default. */
  public ExecutorSettings withWorkers(int number) {
    return new ExecutorSettings(
        strategy,
        name,
        number,
        workersChosen,
        queueCapacity,
        whenFull,
        submitSite,
        chunkTime,
        taskDefaults,
        workerInitializer,
        decorators,
        threadFactory,
        uncaughtExceptionHandler,
        taskOutput,
        options);
  }

  /** The worker initializer as a task, for workers that are sent it encoded; null if none. */
  public @Nullable Task<Boolean> initializerTask() {
    return workerInitializer == null ? null : new InitializerTask(workerInitializer);
  }

  /**
   * Makes the thread of a worker, not started: by the user's factory if there is one, which then
   * decides everything about it; else a daemon of normal priority that inherits no thread-locals.
   *
   * @throws NullPointerException if the factory gives none
   */
  @SuppressWarnings("ThreadPriorityCheck") // not to inherit the priority of who happens to submit
  public Thread workerThread(
      String threadName, Runnable body, @Nullable ClassLoader contextClassLoader) {
    if (threadFactory != null) {
      return Objects.requireNonNull(
          threadFactory.newThread(body), "the thread factory of " + name + " gave no thread");
    }
    Thread thread = new WorkerThread(body, threadName);
    thread.setDaemon(true);
    thread.setPriority(Thread.NORM_PRIORITY);
    thread.setContextClassLoader(contextClassLoader);
    return thread;
  }
}
