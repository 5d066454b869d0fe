// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.config.Options;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * When children are replaced though nothing is wrong with them.
 *
 * @param afterTasks after so many tasks
 * @param aboveBytes when more of their memory is resident
 * @param idleAfter when they have waited for a task for so long
 */
record RecycleOptions(
    OptionalInt afterTasks, OptionalLong aboveBytes, Optional<Duration> idleAfter) {
  private static final String OFF = "off";
  private static final long LEAST_BYTES = 16L << 20;
  private static final long MOST_BYTES = 1L << 50;
  private static final Duration LONGEST = Duration.ofDays(365);

  static RecycleOptions from(Options options) {
    return new RecycleOptions(
        options.integerOr(OFF, "after-tasks", 1, Integer.MAX_VALUE),
        options.isWord("above-memory", OFF)
            ? OptionalLong.empty()
            : OptionalLong.of(options.bytes("above-memory", LEAST_BYTES, MOST_BYTES)),
        options.durationOr(OFF, "idle-after", Duration.ofMillis(1), LONGEST));
  }
}
