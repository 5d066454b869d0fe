// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import java.time.Duration;

/** A result was not there in time. */
public final class TaskTimeoutException extends InterlockException {
  private static final long serialVersionUID = 1L;

  private final Duration limit;

  /**
   * @param what what was late
   * @param limit the time it was given
   */
  public TaskTimeoutException(String what, Duration limit) {
    super(what + " (limit " + limit.toMillis() + " ms)", null);
    this.limit = limit;
  }

  /** The time that was allowed. */
  public Duration limit() {
    return limit;
  }
}
