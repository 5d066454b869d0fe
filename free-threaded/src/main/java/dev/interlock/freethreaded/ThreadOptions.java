// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.config.Options;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.VirtualThreads;
import java.time.Duration;

/**
 * The options under {@code interlock.free-threaded}, checked.
 *
 * @param spinCount how often a worker without a task looks again before it sleeps
 * @param keepAliveNs how long an idle thread is kept
 * @param virtualSpares whether stand-ins for blocked workers are virtual threads
 * @param maxThreads the most threads at once
 */
record ThreadOptions(int spinCount, long keepAliveNs, boolean virtualSpares, int maxThreads) {
  private static final int SPARES_ON_PLATFORM_THREADS = 1_000;

  private enum VirtualThreadChoice {
    /** Where the JDK has them. */
    AUTO,
    /** Always; an error where the JDK has none. */
    ON,
    /** Never. */
    OFF
  }

  static ThreadOptions of(ExecutorSettings settings) {
    Options options = settings.options();
    boolean virtual =
        switch (options.choice("virtual-threads", VirtualThreadChoice.class)) {
          case AUTO -> VirtualThreads.exist() && settings.threadFactory() == null;
          case ON -> {
            if (!VirtualThreads.exist()) {
              throw options.wrong(
                  "virtual-threads",
                  "on",
                  "auto or off on this JDK ("
                      + Runtime.version()
                      + "): virtual threads come with JDK 21");
            }
            yield true;
          }
          case OFF -> false;
        };
    int workers = settings.workers();
    int byDefault = virtual ? Integer.MAX_VALUE : workers + SPARES_ON_PLATFORM_THREADS;
    int maxThreads =
        options.integerOr("auto", "max-threads", 1, Integer.MAX_VALUE).orElse(byDefault);
    if (maxThreads < workers) {
      throw options.wrong(
          "max-threads", maxThreads, "at least the number of workers, which is " + workers);
    }
    return new ThreadOptions(
        options.integer("spin-count", 0, 1_000_000_000),
        options.duration("keep-alive", Duration.ofMillis(1), Duration.ofDays(1)).toNanos(),
        virtual,
        maxThreads);
  }
}
