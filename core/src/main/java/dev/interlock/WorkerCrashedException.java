// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

/**
 * The worker died while it ran the task: it exited, was killed, or ran out of memory. The cause of
 * the future's failure; only the task that the worker ran fails.
 *
 * <p>A task that may be tried again ({@link TaskOptions#maxAttempts()}) and has crashed every
 * worker that ran it is poison: {@link #attempts()} says how often it was tried, and the earlier
 * crashes are suppressed exceptions of this one.
 */
public final class WorkerCrashedException extends InterlockException {
  private static final long serialVersionUID = 1L;

  private final String worker;
  private final String task;
  private final String cause;
  private final String stderrTail;
  private final String crashLog;
  private final int attempts;

  /**
   * A crash at the first attempt, of which there is no more to tell.
   *
   * @param worker the worker's name, and its process id where it has one
   * @param task what the task was
   * @param cause how it died: {@code exit code 3}, {@code signal 9 (SIGKILL)}
   * @param stderrTail the last lines it wrote to its standard error, perhaps none
   */
  public WorkerCrashedException(String worker, String task, String cause, String stderrTail) {
    this(worker, task, cause, stderrTail, "", 1);
  }

  /**
   * A crash.
   *
   * @param worker the worker's name, and its process id where it has one
   * @param task what the task was
   * @param cause how it died: {@code exit code 3}, {@code signal 9 (SIGKILL)}
   * @param stderrTail the last lines it wrote to its standard error, perhaps none
   * @param crashLog the head of the report that the JVM wrote about itself, perhaps empty
   * @param attempts how often the task was started
   */
  public WorkerCrashedException(
      String worker, String task, String cause, String stderrTail, String crashLog, int attempts) {
    super(message(worker, task, cause, stderrTail, crashLog, attempts), null);
    this.worker = worker;
    this.task = task;
    this.cause = cause;
    this.stderrTail = stderrTail;
    this.crashLog = crashLog;
    this.attempts = attempts;
  }

  private static String message(
      String worker, String task, String cause, String stderrTail, String crashLog, int attempts) {
    StringBuilder text = new StringBuilder();
    text.append(worker).append(" died (").append(cause).append(") while running ").append(task);
    if (attempts > 1) {
      text.append("; this task has now crashed ")
          .append(attempts)
          .append(" workers in as many attempts, and is not tried again");
    }
    if (!stderrTail.isBlank()) {
      text.append("; its last lines:\n").append(stderrTail.stripTrailing());
    }
    if (!crashLog.isBlank()) {
      text.append("\nThe JVM's own report begins:\n").append(crashLog.stripTrailing());
    }
    return text.toString();
  }

  /** The worker's name, and its process id where it has one. */
  public String worker() {
    return worker;
  }

  /** What the task was. */
  public String task() {
    return task;
  }

  /** How the worker died: {@code exit code 3}, {@code signal 9 (SIGKILL)}. */
  public String deathCause() {
    return cause;
  }

  /** The last lines that the worker wrote to its standard error, perhaps none. */
  public String stderrTail() {
    return stderrTail;
  }

  /**
   * The head of the report that a JVM writes when it crashes ({@code hs_err_pid1234.log}): signal,
   * problematic frame, thread and stack. Empty if there was none.
   */
  public String crashLog() {
    return crashLog;
  }

  /** How often the task was started; each time, its worker died. */
  public int attempts() {
    return attempts;
  }
}
