// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.increment;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A figure of CPython's, as its users document it: not measured here. Two threads, 100 submits of
 * {@code num += 1}, 100 attempts.
 *
 * @param switchInterval the interval that was set
 * @param correctPercent the share of attempts that ended at exactly 100
 */
public record Documented(String switchInterval, int correctPercent) {
  private static final Duration DEFAULT_INTERVAL = Duration.ofMillis(5);
  private static final Duration HALF_A_MICROSECOND = Duration.ofNanos(500);

  /** The figure to set beside a measured one; half a nanosecond stands beside 0 and 1 ns. */
  static @Nullable Documented at(Duration interval) {
    if (interval.equals(DEFAULT_INTERVAL)) {
      return new Documented("5ms", 100);
    }
    if (interval.equals(HALF_A_MICROSECOND)) {
      return new Documented("0.5us", 71);
    }
    return interval.toNanos() <= 1 ? new Documented("0.5ns", 84) : null;
  }
}
