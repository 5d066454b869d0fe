// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM without flight recorder and without management. */
class SmallRuntimeTest {

  @Test
  void theLockNeedsNeitherTheFlightRecorderNorManagement(@TempDir Path directory) throws Exception {
    assumeFalse(EvalBreaker.isInstrumented(), "the other JVM has no agent anyway");
    Path log = directory.resolve("log");
    Process small =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--limit-modules",
                "java.base,java.logging",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                SmallRuntime.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = small.waitFor(60, TimeUnit.SECONDS);
    small.destroyForcibly();
    String output = Files.readString(log);
    assertThat(ended).as(output).isTrue();
    assertThat(small.exitValue()).as(output).isZero();
    assertThat(output).contains("false done");
  }
}
