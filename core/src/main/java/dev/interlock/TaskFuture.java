// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import com.google.common.util.concurrent.ListenableFuture;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The result of a task: a {@link ListenableFuture} and a {@link CompletionStage} at once.
 *
 * <p>{@code get} throws an {@link java.util.concurrent.ExecutionException} whose cause is the
 * task's own exception, as it was thrown in the worker. A time-out of {@code get} does not cancel
 * the task. Waiting inside a task counts as {@link Blocking}, so it never holds an interpreter
 * lock.
 *
 * <p>Listeners and dependent stages run once each, on the thread that completes the future, or at
 * once in the caller when it is done already. A listener that throws is logged; the others still
 * run.
 *
 * <p>{@code cancel} before the task starts guarantees that it never does. {@code cancel(true)}
 * while it runs interrupts it. Either way the future is cancelled at once. Thread-safe.
 *
 * @param <T> the type of the result
 */
public interface TaskFuture<T extends @Nullable Object>
    extends ListenableFuture<T>, CompletionStage<T> {

  /**
   * Waits for the result, like {@code get}, without checked exceptions and without being
   * interrupted.
   *
   * @throws CompletionException if the task failed; the cause is the task's own exception
   * @throws CancellationException if the task was cancelled
   */
  T join();

  /** Whether the task is done and did not return: it failed or was cancelled. */
  boolean isCompletedExceptionally();

  /** A number that is unique among the tasks of one executor, for logs. */
  long taskId();
}
