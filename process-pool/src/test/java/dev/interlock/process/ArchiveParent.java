// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;
import static org.awaitility.Awaitility.await;

import dev.interlock.TaskExecutor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A parent that opens pools one after the other and says whether their children had an archive. */
final class ArchiveParent {
  private ArchiveParent() {}

  /** Prints {@code archive true} or {@code archive false} per pool; the argument is how many. */
  public static void main(String[] arguments) throws Exception {
    for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
      try (TaskExecutor executor = pool(1).open()) {
        long startNs = System.nanoTime();
        boolean mapped = executor.submit(() -> isFromAnArchive()).get();
        long ms = (System.nanoTime() - startNs) / 1_000_000;
        System.out.println("archive " + mapped);
        System.out.println("first result after " + ms + " ms");
      }
      await()
          .atMost(Duration.ofMinutes(2))
          .pollDelay(Duration.ZERO)
          .until(
              () ->
                  Thread.getAllStackTraces().keySet().stream()
                      .noneMatch(thread -> thread.getName().startsWith("interlock-archive")));
    }
  }

  private static boolean isFromAnArchive() throws Exception {
    return Files.readString(Path.of("/proc/self/maps"))
        .lines()
        .anyMatch(line -> line.matches(".*/[0-9a-f]{32}-\\d+\\.(jsa|aot)"));
  }
}
