// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

/**
 * Where a failed task was submitted: a suppressed exception of what {@code get} and {@code join}
 * throw, with the submitter's stack. Recorded when {@code interlock.submit-site} is on. A thread
 * that submits tasks of one class faster than one in 100 microseconds has its stack recorded for
 * the first of them; the message of the others says so.
 */
public final class SubmitSite extends Throwable {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was submitted here
   * @param frames the submitter's stack, innermost first
   */
  public SubmitSite(String message, StackTraceElement[] frames) {
    super(message, null, false, true);
    setStackTrace(frames);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
