// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    Path log = directory.resolve("log");
    Process checks =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = checks.waitFor(180L + 60L * TIMES, TimeUnit.SECONDS);
    checks.destroyForcibly();
    String output = Files.readString(log);
    assertThat(ended).as(output).isTrue();
    assertThat(checks.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("linearizable: Inbox", "linearizable: Forks", "all checks passed")
        .contains("found: a queue that gives an element twice");
  }

  private static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.util=ALL-UNNAMED",
            "-Xmx512m",
            "-Dstress.times=" + TIMES,
            "-cp",
            System.getProperty("java.class.path"),
            ModelChecks.class.getName()));
    if (Runtime.version().feature() >= 21) {
      command.add(1, "-XX:+EnableDynamicAgentLoading");
    } else {
      command.add(1, "--add-exports=java.base/sun.security.action=ALL-UNNAMED");
    }
    return command;
  }
}
