// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

/**
 * The worker died while it had the task: it exited, was killed, or ran out of memory. The cause of
 * the future's failure; only the tasks that the worker had fail.
 */
public final class WorkerCrashedException extends InterlockException {
  private static final long serialVersionUID = 1L;

  private final String worker;
  private final String task;
  private final String cause;
  private final String stderrTail;

  /**
   * @param worker the worker's name, and its process id where it has one
   * @param task what the task was
   * @param cause how it died: {@code exit code 3}, {@code signal 9 (SIGKILL)}
   * @param stderrTail the last lines it wrote to its standard error, perhaps none
   */
  public WorkerCrashedException(String worker, String task, String cause, String stderrTail) {
    super(
        worker
            + " died ("
            + cause
            + ") while running "
            + task
            + (stderrTail.isBlank() ? "" : "; its last lines:\n" + stderrTail.stripTrailing()),
        null);
    this.worker = worker;
    this.task = task;
    this.cause = cause;
    this.stderrTail = stderrTail;
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
}
