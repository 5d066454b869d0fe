// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import java.time.Duration;

/**
 * How much time a cell gets.
 *
 * @param warmUp how long slices of the task set run unmeasured
 * @param measure after how long no further run is started
 * @param fewestRuns runs that are made all the same, unless one takes longer than {@code measure}
 * @param mostRuns runs after which there are enough
 * @param patience how long a cell may be silent before its JVM is killed
 */
public record Plan(
    Duration warmUp, Duration measure, int fewestRuns, int mostRuns, Duration patience) {
  static final Plan FULL =
      new Plan(Duration.ofMillis(1_500), Duration.ofSeconds(5), 3, 25, Duration.ofMinutes(10));
  static final Plan QUICK =
      new Plan(Duration.ofMillis(200), Duration.ofMillis(400), 3, 9, Duration.ofMinutes(1));

  /** The plan of a quick or a full run. */
  static Plan of(boolean quick) {
    return quick ? QUICK : FULL;
  }
}
