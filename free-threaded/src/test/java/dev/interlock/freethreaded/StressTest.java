// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jcstress.Main;

/**
 * Runs the jcstress tests of the queues, of publication, of cancels and of wake-ups, each for a
 * short time; {@code -Dstress.times=100} for a hundred times as long.
 */
class StressTest {
  private static final int TIMES = Integer.getInteger("stress.times", 1);

  @Test
  void jcstressFindsNoForbiddenOutcome(@TempDir Path directory) throws Exception {
    Path log = directory.resolve("log");
    Process jcstress =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "-t",
                    "dev.interlock.freethreaded",
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
                    "200",
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
    boolean ended = jcstress.waitFor(180L + 40L * TIMES, TimeUnit.SECONDS);
    jcstress.descendants().forEach(ProcessHandle::destroyForcibly);
    jcstress.destroyForcibly();
    String output = Files.readString(log);
    assertThat(ended).as(output).isTrue();
    assertThat(jcstress.exitValue()).as(output).isZero();
    assertThat(new File(directory.toFile(), "report")).isNotEmptyDirectory();
    assertThat(output)
        .containsPattern("Results: (\\d+) planned; \\1 passed, 0 failed, 0 soft errs, 0 hard errs");
  }
}
