// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.spi.ExecutorHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From the socket to the ring, and from one large task in the ring to the next. */
@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HandOverTest {
  private static final int ROUNDS = 5;
  private static final int CHARACTERS = 8 << 20;

  @TempDir Path directory;

  /** It would put its task into the ring, and not wake the child that sleeps beside it. */
  @Test
  void theRingComesNeverInTheMiddleOfASend() throws Exception {
    try (TaskExecutor executor = pool(1).open();
        RingFile file = RingFile.createIn(directory)) {
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
      Roster roster = new Roster(1, null, number -> unexpected(), () -> {});
      ProcessExecutor behind = (ProcessExecutor) ExecutorHandle.behind(executor);
      Worker worker = new Worker(2, behind, roster);
      InFlight inFlight = worker.inFlight();
      Thread reader = new Thread(() -> inFlight.attached(new FastPath(file.memory())));
      synchronized (inFlight) { // as a send does
        reader.start();
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> reader.getState() == Thread.State.BLOCKED);
        assertThat(inFlight.fastPath()).isNull();
      }
      reader.join();
      assertThat(inFlight.fastPath()).isNotNull();
    }
  }

  private static Worker unexpected() {
    throw new AssertionError("nothing is queued");
  }

  /** The frames of those that were taken back are on their way still, or wait for it. */
  @Test
  void aLargeTaskMayFollowLargeOnesThatWereTakenBack() throws Exception {
    Interlock.Builder builder = pool(1).set("process-pool.out-of-band", "off");
    try (TaskExecutor executor = TransportTest.warm(builder, 1)) {
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
      ProcessHandle child = NothingLeft.children().get(0);
      String large = "x".repeat(CHARACTERS);
      for (int round = 0; round < ROUNDS; round++) {
        Signals.stop(child); // it reads nothing and starts nothing
        for (int i = 0; i < 3; i++) {
          assertThat(executor.submit(large::length).cancel(false)).isTrue();
        }
        TaskFuture<Integer> next = executor.submit(large::length);
        Signals.resume(child);
        assertThat(next.get(60, TimeUnit.SECONDS)).isEqualTo(CHARACTERS);
        assertThat(executor.submit(() -> 1).get(60, TimeUnit.SECONDS)).isEqualTo(1);
      }
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
      assertThat(executor.stats().workersLost()).isZero();
    }
  }
}
