// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contract.ChildJava;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs {@link ModelChecks}, in a JVM whose classes Lincheck may change; {@code -Dstress.times=20}
 * for twenty times as many interleavings.
 */
class ModelCheckTest {
  private static final int TIMES = Integer.getInteger("stress.times", 1);

  @Test
  void noInterleavingBreaksAQueueOrLosesAWakeUp(@TempDir Path directory) throws Exception {
    String output =
        ChildJava.outputOf(
            directory,
            Duration.ofSeconds(180L + 60L * TIMES),
            options(),
            ModelChecks.class.getName());
    assertThat(output)
        .contains("linearizable: Inbox", "linearizable: Forks", "all checks passed")
        .contains("found: a queue that gives an element twice");
  }

  private static List<String> options() {
    return List.of(
        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
        "--add-exports=java.base/jdk.internal.util=ALL-UNNAMED",
        Runtime.version().feature() >= 21
            ? "-XX:+EnableDynamicAgentLoading"
            : "--add-exports=java.base/sun.security.action=ALL-UNNAMED",
        "-Xmx512m",
        "-Dstress.times=" + TIMES);
  }
}
