// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jcstress.Main;

/**
 * Runs the jcstress tests of the lock, each for a short time; {@code -Dstress.times=100} for a
 * hundred times as long.
 */
class LockStressTest {
  private static final int TIMES = Integer.getInteger("stress.times", 1);

  @Test
  void jcstressFindsNoForbiddenOutcome(@TempDir Path directory) throws Exception {
    assumeFalse(EvalBreaker.isInstrumented(), "the agent changes nothing in these");
    Path log = directory.resolve("log");
    Process jcstress =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "-t",
                    "dev.interlock.gil",
                    "-c",
                    "2",
                    "-sc",
                    "false",
                    "-f",
                    "1",
                    "-fsm",
                    "1",
                    "-iters",
                    Integer.toString(TIMES),
                    "-time",
                    "500",
                    "-af", // on a busy machine, pinned threads that spin starve each other
                    "NONE",
                    "-spinStyle",
                    "THREAD_YIELD",
                    "-jvmArgs",
                    "-Xmx256m",
                    "-r",
                    directory.resolve("report").toString()))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = jcstress.waitFor(120L + 20L * TIMES, TimeUnit.SECONDS);
    jcstress.descendants().forEach(ProcessHandle::destroyForcibly);
    jcstress.destroyForcibly();
    String output = Files.readString(log);
    assertThat(ended).as(output).isTrue();
    assertThat(jcstress.exitValue()).as(output).isZero();
    assertThat(new File(directory.toFile(), "report")).isNotEmptyDirectory();
    assertThat(output).containsPattern("Results: \\d+ planned; [3-9]\\d* passed, 0 failed");
  }
}
