// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import com.google.common.util.concurrent.ListeningExecutorService;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An {@link java.util.concurrent.ExecutorService} whose runtime is chosen by configuration. Get one
 * from {@link Interlock}.
 *
 * <p>Every strategy keeps one contract, so a task set moves between them unchanged. Where tasks
 * cross a boundary ({@link Capability#COPIED_TASKS}), a task is encoded in {@code submit}, on the
 * caller's thread: changing an argument afterwards changes nothing, and what cannot cross fails
 * there.
 *
 * <p>{@code submit} does not wait for the task. Where a queue bound is configured and reached, it
 * blocks, rejects or runs the task in the caller, as configured; when an interrupt ends the wait,
 * the interrupt is kept and the task is rejected.
 *
 * <p>Thread-safe. Worker threads are daemons: close the executor to be sure that queued work is
 * done. An executor that is dropped without being closed is shut down some time after the garbage
 * collector finds it: what it has accepted still runs, and then its workers end.
 */
public interface TaskExecutor extends ListeningExecutorService, AutoCloseable {

  /**
   * Submits a task; the overload that lambdas and method references choose.
   *
   * @throws NotShareableException if the task cannot cross to a worker
   * @throws RejectedExecutionException after shutdown, when the queue is full, or when the executor
   *     is broken
   */
  <T extends @Nullable Object> TaskFuture<T> submit(Task<T> task);

  /**
   * Submits a task without a result; the overload that lambdas and method references choose.
   *
   * @throws NotShareableException if the task cannot cross to a worker
   * @throws RejectedExecutionException as for {@link #submit(Task)}
   */
  TaskFuture<?> submit(Action action);

  /**
   * Submits a task with limits of its own; see {@link TaskOptions}.
   *
   * @throws NotShareableException if the task cannot cross to a worker
   * @throws UnsupportedOperationException for a hard time-out on a strategy without {@link
   *     Capability#KILL}; the message names those that have it
   * @throws RejectedExecutionException as for {@link #submit(Task)}
   */
  <T extends @Nullable Object> TaskFuture<T> submit(Task<T> task, TaskOptions options);

  /**
   * Submits a task without a result, with limits of its own; see {@link TaskOptions}.
   *
   * @throws NotShareableException if the task cannot cross to a worker
   * @throws UnsupportedOperationException as for {@link #submit(Task, TaskOptions)}
   * @throws RejectedExecutionException as for {@link #submit(Task)}
   */
  TaskFuture<?> submit(Action action, TaskOptions options);

  @Override
  <T extends @Nullable Object> TaskFuture<T> submit(Callable<T> task);

  @Override
  TaskFuture<?> submit(Runnable task);

  @Override
  <T extends @Nullable Object> TaskFuture<T> submit(Runnable task, @Nullable T result);

  /** Runs an action in a worker; a failure goes to the thread's uncaught exception handler. */
  void execute(Action action);

  /** {@link #map(TaskFunction, Iterable, MapOptions)} with {@link MapOptions#defaults()}. */
  default <A extends @Nullable Object, R extends @Nullable Object> Stream<R> map(
      TaskFunction<? super A, ? extends R> function, Iterable<? extends A> items) {
    return map(function, items, MapOptions.defaults());
  }

  /**
   * Applies a function to every item, in the workers, and returns the results in the order of the
   * items.
   *
   * <p>Lazy: nothing is read before the first result is asked for, and items are read no further
   * ahead than {@link MapOptions#bufferSize()}. Asking for a result blocks until it is there. A
   * failed item throws {@link java.util.concurrent.CompletionException} at its position, with the
   * task's own exception as the cause; reading on through {@link Stream#iterator()} gives the items
   * after it. When the time-out has passed, {@link TaskTimeoutException} is thrown and the rest is
   * cancelled. An interrupt while waiting throws a {@link
   * java.util.concurrent.CancellationException}, keeps the interrupt set and cancels the rest.
   * Closing the stream cancels what is pending; use try-with-resources unless the stream is read to
   * its end.
   *
   * <p>The stream is sequential and belongs to one thread. The configured limits of tasks hold for
   * a chunk of n items n times as long.
   */
  <A extends @Nullable Object, R extends @Nullable Object> Stream<R> map(
      TaskFunction<? super A, ? extends R> function,
      Iterable<? extends A> items,
      MapOptions options);

  /** {@link #map(TaskBiFunction, Iterable, Iterable, MapOptions)} with the default options. */
  default <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      Stream<R> map(
          TaskBiFunction<? super A, ? super B, ? extends R> function,
          Iterable<? extends A> first,
          Iterable<? extends B> second) {
    return map(function, first, second, MapOptions.defaults());
  }

  /**
   * {@link #map(TaskFunction, Iterable, MapOptions)} over two inputs; it stops at the shorter one.
   */
  <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      Stream<R> map(
          TaskBiFunction<? super A, ? super B, ? extends R> function,
          Iterable<? extends A> first,
          Iterable<? extends B> second,
          MapOptions options);

  /** {@link TaskFutures#asCompleted(Iterable)}. */
  default <F extends CompletionStage<?>> Stream<F> asCompleted(Iterable<? extends F> futures) {
    return TaskFutures.asCompleted(futures);
  }

  /** {@link TaskFutures#asCompleted(Iterable, Duration)}. */
  default <F extends CompletionStage<?>> Stream<F> asCompleted(
      Iterable<? extends F> futures, Duration timeout) {
    return TaskFutures.asCompleted(futures, timeout);
  }

  /** The name of the strategy, as configuration writes it: {@code process-pool}. */
  String strategy();

  /** What this strategy can do. */
  Set<Capability> capabilities();

  /** The number of workers that run tasks side by side, as configured or by default. */
  int workers();

  /** A snapshot of the counters. */
  ExecutorStats stats();

  /**
   * Shuts down, waits until every queued task has run and every worker is gone. Idempotent. If the
   * caller is interrupted, running tasks are interrupted, queued ones cancelled, and the interrupt
   * is kept.
   *
   * @throws IllegalStateException from within a task of this executor, which would wait for itself
   */
  @Override
  void close();

  /**
   * Shuts down and waits so long; then cancels what is queued, interrupts what runs, and stops what
   * ignores the interrupt where the strategy can ({@link Capability#KILL}). Where it cannot, such a
   * task is left running on its daemon thread, and a warning names it.
   *
   * @throws IllegalArgumentException if {@code timeout} is negative
   * @throws IllegalStateException from within a task of this executor
   */
  void close(Duration timeout);
}
