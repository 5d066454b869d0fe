// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

/**
 * Where a failed task was submitted: a suppressed exception of what {@code get} and {@code join}
 * throw, with the submitter's stack. Recorded when {@code interlock.submit-site} is on.
 */
public final class SubmitSite extends Throwable {
  private static final long serialVersionUID = 1L;

  /**
   * @param task the task's description
   * @param frames the submitter's stack, innermost first
   */
  public SubmitSite(String task, StackTraceElement[] frames) {
    super(task + " was submitted here", null, false, true);
    setStackTrace(frames);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
