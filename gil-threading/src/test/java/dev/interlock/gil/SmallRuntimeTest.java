// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.interlock.contract.ChildJava;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM without flight recorder and without management. */
class SmallRuntimeTest {

  @Test
  void theLockNeedsNeitherTheFlightRecorderNorManagement(@TempDir Path directory) throws Exception {
    assumeFalse(EvalBreaker.isInstrumented(), "the other JVM has no agent anyway");
    String output =
        ChildJava.outputOf(
            directory,
            Duration.ofMinutes(1),
            List.of(
                "--limit-modules",
                "java.base,java.logging",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"),
            SmallRuntime.class.getName());
    assertThat(output).contains("false done");
  }
}
