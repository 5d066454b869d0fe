// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.config.Options;
import dev.interlock.spi.PrefetchDepth;
import java.time.Duration;

/**
 * The options below {@code interlock.subinterpreters} that say how the interpreters of an executor
 * serve it; {@code reference.conf} explains them.
 *
 * @param threads how many threads an interpreter has
 * @param prefetch how many tasks an interpreter may have; 0 for as many as it runs in short time
 * @param recycleAfterTasks an interpreter ends after so many; {@code Long.MAX_VALUE} for never
 * @param idleAfterNs it ends when it had no task for so long; {@code Long.MAX_VALUE} for never
 */
record ServingOptions(int threads, int prefetch, long recycleAfterTasks, long idleAfterNs) {
  private static final String OFF = "off";
  private static final int MOST_THREADS = 256;
  private static final Duration LONGEST_IDLE = Duration.ofDays(365);

  static ServingOptions from(Options options) {
    Options recycle = options.under("recycle");
    var afterTasks = recycle.integerOr(OFF, "after-tasks", 1, Integer.MAX_VALUE);
    return new ServingOptions(
        options.integer("threads-per-interpreter", 1, MOST_THREADS),
        options.integerOr("auto", "prefetch", 1, PrefetchDepth.MOST).orElse(0),
        afterTasks.isPresent() ? afterTasks.getAsInt() : Long.MAX_VALUE,
        recycle
            .durationOr(OFF, "idle-after", Duration.ofMillis(1), LONGEST_IDLE)
            .map(Duration::toNanos)
            .orElse(Long.MAX_VALUE));
  }
}
