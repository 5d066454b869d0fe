// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import com.typesafe.config.ConfigFactory;
import dev.interlock.TaskOptions;
import dev.interlock.config.Options;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.QueuePolicy;
import java.time.Duration;
import java.util.List;

/** Executors whose scheduler tests look at. */
final class OpenedExecutor {
  private OpenedExecutor() {}

  /** With options as in {@code free-threaded { ... }}. */
  static FreeThreadedExecutor of(String name, int workers, String freeThreaded) {
    return new FreeThreadedExecutor(settings(name, workers, freeThreaded));
  }

  static ExecutorSettings settings(String name, int workers, String freeThreaded) {
    Options options =
        new Options(
            ConfigFactory.parseString("free-threaded { " + freeThreaded + " }")
                .withFallback(ConfigFactory.load().getConfig("interlock")),
            "free-threaded");
    return new ExecutorSettings(
        "free-threaded",
        name,
        workers,
        true,
        0,
        QueuePolicy.BLOCK,
        false,
        Duration.ofSeconds(1),
        TaskOptions.defaults(),
        null,
        List.of(),
        null,
        null,
        null,
        options);
  }
}
