// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A result was not there in time. */
public final class TaskTimeoutException extends InterlockException {
  private static final long serialVersionUID = 1L;

  /** Which limit has passed. */
  public enum Kind {
    /** Of a wait for results, such as that of {@code map}: no limit of a task. */
    WAIT("was waited for longer than allowed"),
    /** {@link TaskOptions#softTimeout()}: the task was interrupted. */
    SOFT("was interrupted at its soft time-out"),
    /** {@link TaskOptions#hardTimeout()}: the task was stopped by force. */
    HARD("was stopped at its hard time-out"),
    /** {@link TaskOptions#progressTimeout()}: the task was not heard of for too long. */
    PROGRESS("was not heard of within its progress time-out"),
    /** {@link TaskOptions#totalTimeout()}: from submit to result it took too long. */
    TOTAL("was not done within its total time-out");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private final Kind kind;
  private final String what;
  private final Duration limit;
  private final @Nullable String lastProgress;

  /**
   * A wait for results that took too long.
   *
   * @param what what was late
   * @param limit the time it was given
   */
  public TaskTimeoutException(String what, Duration limit) {
    super(what + in(limit), null);
    this.kind = Kind.WAIT;
    this.what = what;
    this.limit = limit;
    this.lastProgress = null;
  }

  /**
   * A limit of a task that has passed.
   *
   * @param kind which limit
   * @param task the task
   * @param limit the time it was given
   * @param lastProgress what the task said last by {@link TaskContext#progress(String)}, if
   *     anything
   */
  public TaskTimeoutException(
      Kind kind, String task, Duration limit, @Nullable String lastProgress) {
    super(
        task
            + " "
            + kind.words
            + in(limit)
            + (lastProgress == null ? "" : "; last progress: " + lastProgress),
        null);
    this.kind = kind;
    this.what = task;
    this.limit = limit;
    this.lastProgress = lastProgress;
  }

  private static String in(Duration limit) {
    return " (limit " + limit.toMillis() + " ms)";
  }

  /** Which limit has passed. */
  public Kind kind() {
    return kind;
  }

  /** What was late: the task, or the results that were waited for. */
  public String what() {
    return what;
  }

  /** The time that was allowed. */
  public Duration limit() {
    return limit;
  }

  /** What the task said last by {@link TaskContext#progress(String)}; null if nothing. */
  public @Nullable String lastProgress() {
    return lastProgress;
  }
}
