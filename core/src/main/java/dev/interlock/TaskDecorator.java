// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

/**
 * Wraps every task of an executor: logging, timing, context.
 *
 * <p>{@link #decorate} runs on the submitting thread, once per task. What it returns crosses to the
 * worker with the task and runs there. So a decorator can read a context where the task is
 * submitted and set it up where the task runs:
 *
 * <pre>{@code
 * TaskDecorator requestId = task -> {
 *   String id = MDC.get("request");
 *   return () -> {
 *     MDC.put("request", id);
 *     try { return task.call(); } finally { MDC.remove("request"); }
 *   };
 * };
 * }</pre>
 *
 * <p>The first decorator of a list is the outermost. A chunk of {@link TaskExecutor#map} counts as
 * one task. A decorator must be thread-safe.
 */
@FunctionalInterface
public interface TaskDecorator {

  /** Returns the task to run in place of {@code task}. */
  Task<Object> decorate(Task<Object> task);
}
