// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import dev.interlock.spi.InterruptSlot;
import dev.interlock.spi.RunningTask;
import java.util.Optional;

/**
 * What a task may know and say while it runs, on every strategy, in child JVMs as well.
 *
 * <pre>{@code
 * executor.submit(() -> {
 *   for (Page page : pages) {
 *     TaskContext.current().progress("page " + page.number());
 *     index(page);
 *   }
 * }, TaskOptions.defaults().withProgressTimeout(Duration.ofSeconds(30)));
 * }</pre>
 *
 * <p>{@link #current()} finds it on the task's own thread only. The object itself may be handed to
 * threads that the task starts: it is thread-safe, none of its methods blocks, and it says nothing
 * any more once the task has ended.
 */
public final class TaskContext {
  private final RunningTask task;

  private TaskContext(RunningTask task) {
    this.task = task;
  }

  /**
   * The context of the task that the current thread runs.
   *
   * @throws IllegalStateException outside of a task; ask {@link #find()} where that may be
   */
  public static TaskContext current() {
    return find()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Thread "
                        + Thread.currentThread().getName()
                        + " runs no task. Call TaskContext.current() on the task's own thread and"
                        + " hand the object on, or use TaskContext.find()."));
  }

  /** The context of the task that the current thread runs; empty outside of a task. */
  public static Optional<TaskContext> find() {
    return InterruptSlot.occupantHere() instanceof RunningTask task
        ? Optional.of(new TaskContext(task))
        : Optional.empty();
  }

  /** The number of the task, as its future has it: {@link TaskFuture#taskId()}. */
  public long taskId() {
    return task.taskId();
  }

  /** Which attempt this is, from 1; more than 1 only after the worker of an earlier one died. */
  public int attempt() {
    return task.attempt();
  }

  /** Says that the task gets on: its progress time-out counts anew from now. */
  public void progress() {
    task.progress(null);
  }

  /**
   * {@link #progress()} with a few words, which a {@link TaskTimeoutException} of this task
   * repeats. From a child JVM at most one call in {@value #PERIOD_MS} ms is sent, the first one of
   * each period.
   *
   * @param what where the task is; at most {@value #MOST_CHARACTERS} characters are kept
   */
  public void progress(String what) {
    task.progress(what.length() > MOST_CHARACTERS ? what.substring(0, MOST_CHARACTERS) : what);
  }

  /** The least time between two calls of {@link #progress()} that leave a child JVM. */
  public static final int PERIOD_MS = 10;

  /** How much of the words of {@link #progress(String)} is kept. */
  public static final int MOST_CHARACTERS = 200;

  /**
   * Whether nobody waits for this task any more: it was cancelled, or timed out. A child JVM learns
   * of {@code cancel(true)} and of time-outs; a {@code cancel(false)} is not told to it.
   */
  public boolean isCancelled() {
    return task.isAbandoned();
  }
}
