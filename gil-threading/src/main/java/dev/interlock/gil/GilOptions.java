// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.config.Options;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.VirtualThreads;
import java.time.Duration;

/**
 * The options under {@code interlock.gil-threading}, checked.
 *
 * @param lock how the lock behaves
 * @param virtual whether workers are virtual threads
 * @param maxThreads the most threads at once, blocked ones included
 */
record GilOptions(LockSettings lock, boolean virtual, int maxThreads) {
  private static final int PLATFORM_THREADS = 256;
  private static final int MOST_PLATFORM_THREADS = 32_767;

  /** As many threads as the breaker can count that have lost their lock. */
  private static final int MOST_VIRTUAL_THREADS = 65_535;

  private static final int MOST_BYTECODES = 1_000_000_000;

  private enum ThreadKind {
    /** Threads of the operating system. */
    PLATFORM,
    /** Threads of the JVM; JDK 21 and later. */
    VIRTUAL
  }

  private enum TakeOverChoice {
    /** {@link #WAITING} where code is instrumented, else {@link #DEADLOCKED}. */
    AUTO,
    /** See {@link TakeOverRule#DEADLOCKED}. */
    DEADLOCKED,
    /** See {@link TakeOverRule#WAITING}. */
    WAITING
  }

  static GilOptions of(ExecutorSettings settings) {
    Options options = settings.options();
    boolean virtual = options.choice("threads", ThreadKind.class) == ThreadKind.VIRTUAL;
    if (virtual && !VirtualThreads.exist()) {
      throw options.wrong(
          "threads",
          "virtual",
          "platform on this JDK ("
              + Runtime.version()
              + "): virtual threads come with JDK 21. Run on a newer JDK to have them");
    }
    int most = virtual ? MOST_VIRTUAL_THREADS : MOST_PLATFORM_THREADS;
    int byDefault = virtual ? MOST_VIRTUAL_THREADS : PLATFORM_THREADS;
    int maxThreads =
        options
            .integerOr("auto", "max-threads", settings.workers(), most)
            .orElse(Math.max(byDefault, settings.workers()));
    return new GilOptions(lock(options), virtual, maxThreads);
  }

  private static LockSettings lock(Options options) {
    Duration switchInterval =
        options.duration("switch-interval", Duration.ZERO, Gil.LONGEST_INTERVAL);
    TakeOverRule takeOver =
        switch (options.choice("take-over", TakeOverChoice.class)) {
          case AUTO ->
              EvalBreaker.isInstrumented() ? TakeOverRule.WAITING : TakeOverRule.DEADLOCKED;
          case DEADLOCKED -> TakeOverRule.DEADLOCKED;
          case WAITING -> TakeOverRule.WAITING;
        };
    return new LockSettings(
        options.choice("policy", SwitchPolicy.class),
        switchInterval.toNanos(),
        options.integer("check-interval", 1, MOST_BYTECODES),
        takeOver);
  }
}
