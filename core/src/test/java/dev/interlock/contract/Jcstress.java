// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Runs the jcstress tests of a package, each for a short time; {@code -Dstress.times=100} for a
 * hundred times as long.
 */
public final class Jcstress {
  private static final int TIMES = Integer.getInteger("stress.times", 1);

  private Jcstress() {}

  /**
   * Fails if there are no tests, and unless all of them pass.
   *
   * @param directory for the report
   * @param tests their package
   * @param iteration how long a test runs at a time
   */
  public static void assertNoForbiddenOutcome(Path directory, String tests, Duration iteration)
      throws IOException, InterruptedException {
    Path report = directory.resolve("report");
    String output =
        ChildJava.outputOf(
            directory,
            Duration.ofSeconds(180L + 40L * TIMES),
            List.of(),
            "org.openjdk.jcstress.Main",
            "-t",
            tests,
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
            Long.toString(iteration.toMillis()),
            "-af", // on a busy machine, pinned threads that spin starve each other
            "NONE",
            "-spinStyle",
            "THREAD_YIELD",
            "-jvmArgs",
            "-Xmx256m",
            "-r",
            report.toString());
    assertThat(report).isNotEmptyDirectory();
    assertThat(output)
        .containsPattern(
            "Results: ([1-9]\\d*) planned; \\1 passed, 0 failed, 0 soft errs, 0 hard errs");
  }
}
