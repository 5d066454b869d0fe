// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Blocking;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** No virtual thread keeps its carrier while it waits, by the flight recorder. */
@Timeout(60)
class PinningTest {
  private static final String PINNED = "jdk.VirtualThreadPinned";

  @TempDir Path directory;

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void sparesThatWaitInEveryWayPinNoCarrier() throws Exception {
    Path file = directory.resolve("pinned.jfr");
    try (Recording recording = new Recording()) {
      recording.enable(PINNED).withThreshold(Duration.ZERO).withStackTrace();
      recording.start();
      try (TaskExecutor executor =
          Interlock.builder().strategy("free-threaded").workers(2).open()) {
        List<TaskFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
          int number = i;
          futures.add(executor.submit(() -> waits(executor, number)));
        }
        for (TaskFuture<Integer> future : futures) {
          assertThat(future.get()).isEqualTo(1);
        }
        assertThat(executor.stats().workersStarted()).as("spares among them").isGreaterThan(10);
      }
      recording.stop();
      recording.dump(file);
    }
    assertThat(RecordingFile.readAllEvents(file).stream().map(RecordedEvent::toString)).isEmpty();
  }

  private static int waits(TaskExecutor executor, int number) throws Exception {
    return switch (number % 3) {
      case 0 -> Blocking.call(PinningTest::sleep);
      case 1 -> executor.submit(PinningTest::sleep).get();
      default -> executor.submit(() -> Blocking.call(PinningTest::sleep)).get(30, TimeUnit.SECONDS);
    };
  }

  private static int sleep() throws InterruptedException {
    Thread.sleep(50);
    return 1;
  }
}
