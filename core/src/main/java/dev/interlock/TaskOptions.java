// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long one task may take, and how often it may be tried. Immutable.
 *
 * <p>What is not set here is as configured by {@code interlock.task.*}, which by default limits
 * nothing. When a limit has passed, the future fails with a {@link TaskTimeoutException} at once; a
 * limit that passes when the task is done does nothing.
 *
 * @param softTimeout from when the task begins: then it is interrupted, as {@code cancel(true)}
 *     does, and its worker is free again when the task has noticed; null for as configured
 * @param hardTimeout from when the task begins: then it is stopped by force, which ends its worker
 *     and nothing else; only with {@link Capability#KILL}; null for as configured
 * @param progressTimeout from when the task begins, or has last called {@link
 *     TaskContext#progress()}: then it is stopped by force where the strategy can, else
 *     interrupted; null for as configured
 * @param totalTimeout from the call to {@code submit}, queueing and all attempts included: a task
 *     that still waits then never runs, one that runs is stopped by force where the strategy can,
 *     else interrupted; null for as configured
 * @param maxAttempts how often the task may be started, if the worker that runs it dies each time;
 *     a task that throws is not tried again; 0 for as configured
 */
public record TaskOptions(
    @Nullable Duration softTimeout,
    @Nullable Duration hardTimeout,
    @Nullable Duration progressTimeout,
    @Nullable Duration totalTimeout,
    int maxAttempts) {
  /** As a limit: none, whatever is configured. */
  public static final Duration OFF = ChronoUnit.FOREVER.getDuration();

  /** The shortest limit. */
  public static final Duration SHORTEST = Duration.ofMillis(1);

  /** The shortest progress time-out: heartbeats are gathered on their way between processes. */
  public static final Duration SHORTEST_PROGRESS = Duration.ofMillis(100);

  /** The longest limit but {@link #OFF}. */
  public static final Duration LONGEST = Duration.ofDays(365);

  /** The most attempts. */
  public static final int MOST_ATTEMPTS = 100;

  private static final TaskOptions DEFAULTS = new TaskOptions(null, null, null, null, 0);

  /**
   * @throws IllegalArgumentException if a limit is out of its range, or {@code maxAttempts}
   *     negative or above {@link #MOST_ATTEMPTS}
   */
  public TaskOptions {
    check("softTimeout", softTimeout, SHORTEST);
    check("hardTimeout", hardTimeout, SHORTEST);
    check("progressTimeout", progressTimeout, SHORTEST_PROGRESS);
    check("totalTimeout", totalTimeout, SHORTEST);
    if (maxAttempts < 0 || maxAttempts > MOST_ATTEMPTS) {
      throw outOfRange(
          "maxAttempts", maxAttempts, "from 1 to " + MOST_ATTEMPTS + ", or 0 for as configured");
    }
  }

  /** Everything as configured. */
  public static TaskOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Returns these options with a limit after which the task is interrupted.
   *
   * @throws IllegalArgumentException if {@code limit} is out of range
   */
  public TaskOptions withSoftTimeout(Duration limit) {
    return new TaskOptions(limit, hardTimeout, progressTimeout, totalTimeout, maxAttempts);
  }

  /**
   * Returns these options with a limit after which the task is stopped by force.
   *
   * @throws IllegalArgumentException if {@code limit} is out of range
   */
  public TaskOptions withHardTimeout(Duration limit) {
    return new TaskOptions(softTimeout, limit, progressTimeout, totalTimeout, maxAttempts);
  }

  /**
   * Returns these options with a limit for the time between two calls of {@link
   * TaskContext#progress()}.
   *
   * @throws IllegalArgumentException if {@code limit} is out of range
   */
  public TaskOptions withProgressTimeout(Duration limit) {
    return new TaskOptions(softTimeout, hardTimeout, limit, totalTimeout, maxAttempts);
  }

  /**
   * Returns these options with a limit from {@code submit} to the result.
   *
   * @throws IllegalArgumentException if {@code limit} is out of range
   */
  public TaskOptions withTotalTimeout(Duration limit) {
    return new TaskOptions(softTimeout, hardTimeout, progressTimeout, limit, maxAttempts);
  }

  /**
   * Returns these options with so many attempts.
   *
   * @throws IllegalArgumentException if {@code attempts} is not from 1 to {@link #MOST_ATTEMPTS}
   */
  public TaskOptions withMaxAttempts(int attempts) {
    if (attempts < 1) {
      throw outOfRange("maxAttempts", attempts, "from 1 to " + MOST_ATTEMPTS);
    }
    return new TaskOptions(softTimeout, hardTimeout, progressTimeout, totalTimeout, attempts);
  }

  /** Returns these options with those of {@code defaults} in place of what is not set. */
  public TaskOptions orElse(TaskOptions defaults) {
    return new TaskOptions(
        softTimeout == null ? defaults.softTimeout : softTimeout,
        hardTimeout == null ? defaults.hardTimeout : hardTimeout,
        progressTimeout == null ? defaults.progressTimeout : progressTimeout,
        totalTimeout == null ? defaults.totalTimeout : totalTimeout,
        maxAttempts == 0 ? defaults.maxAttempts : maxAttempts);
  }

  private static void check(String key, @Nullable Duration limit, Duration shortest) {
    if (limit == null || limit.equals(OFF)) {
      return;
    }
    if (limit.compareTo(shortest) < 0 || limit.compareTo(LONGEST) > 0) {
      throw outOfRange(
          key, limit, "from " + shortest + " to " + LONGEST + ", or TaskOptions.OFF for none");
    }
  }

  private static IllegalArgumentException outOfRange(String key, Object value, String allowed) {
    return new IllegalArgumentException(key + " is " + value + ", but must be " + allowed);
  }
}
