// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.TaskOptions;
import dev.interlock.TaskTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one task, in force: {@link TaskOptions} over what is configured. Immutable.
 *
 * @param softNs from begin to interrupt, or {@link #OFF}
 * @param hardNs from begin to stop, or {@link #OFF}
 * @param progressNs between two heartbeats, or {@link #OFF}
 * @param totalNs from submit to result, or {@link #OFF}
 * @param maxAttempts how often it may be started, at least 1
 */
public record TaskLimits(long softNs, long hardNs, long progressNs, long totalNs, int maxAttempts) {
  /** No limit; larger than any. */
  public static final long OFF = Long.MAX_VALUE;

  /** No limits and one attempt. */
  public static final TaskLimits NONE = new TaskLimits(OFF, OFF, OFF, OFF, 1);

  static TaskLimits of(TaskOptions options) {
    return new TaskLimits(
        ns(options.softTimeout()),
        ns(options.hardTimeout()),
        ns(options.progressTimeout()),
        ns(options.totalTimeout()),
        Math.max(1, options.maxAttempts()));
  }

  private static long ns(@Nullable Duration limit) {
    return limit == null || limit.equals(TaskOptions.OFF) ? OFF : limit.toNanos();
  }

  /** Whether there is no limit, and one attempt. */
  public boolean isNone() {
    return softNs == OFF
        && hardNs == OFF
        && progressNs == OFF
        && totalNs == OFF
        && maxAttempts == 1;
  }

  /** The shortest of the limits that count from the begin, or {@link #OFF}. */
  public long firstNs() {
    return Math.min(softNs, Math.min(hardNs, progressNs));
  }

  /** So many times as long. */
  TaskLimits times(int items) {
    return isNone() || items == 1
        ? this
        : new TaskLimits(
            times(softNs, items),
            times(hardNs, items),
            times(progressNs, items),
            times(totalNs, items),
            maxAttempts);
  }

  private static long times(long ns, int items) {
    long longest = TaskOptions.LONGEST.toNanos();
    return ns == OFF ? OFF : ns > longest / items ? longest : ns * items;
  }

  /** The limit of that kind, in nanoseconds. */
  long ns(TaskTimeoutException.Kind kind) {
    return switch (kind) {
      case SOFT -> softNs;
      case HARD -> hardNs;
      case PROGRESS -> progressNs;
      case TOTAL -> totalNs;
      case WAIT -> OFF;
    };
  }
}
