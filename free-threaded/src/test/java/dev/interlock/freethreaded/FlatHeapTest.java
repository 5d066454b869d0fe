// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contract.ChildJava;
import dev.interlock.contract.LeakCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loads of hundreds of megabytes, and ten thousand waits, in JVMs with a small heap. */
@Timeout(180)
@ExtendWith(LeakCheck.class)
class FlatHeapTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"block", "caller-runs", "map"})
  void everyTaskRunsInASmallHeap(String load) throws Exception {
    assertThat(figureOf(load, 32)).isEqualTo(400_000);
  }

  @Test
  void whatIsRejectedTakesNoHeap() throws Exception {
    assertThat(figureOf("reject", 32)).isBetween(1_000L, 400_000L);
  }

  @Test
  void tenThousandTasksWaitAtOnceInASmallHeap() throws Exception {
    assertThat(figureOf("waits", 64)).isEqualTo(10_000);
  }

  private long figureOf(String load, int heapMib) throws Exception {
    String output =
        ChildJava.outputOf(
            directory,
            Duration.ofMinutes(2),
            List.of(
                "-Xmx" + heapMib + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
            FlatHeapLoad.class.getName(),
            load);
    assertThat(output).contains("done ");
    return Long.parseLong(output.substring(output.lastIndexOf("done ") + 5).trim());
  }
}
