// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.awaitFile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskOptions;
import dev.interlock.TaskTimeoutException;
import dev.interlock.WorkerCrashedException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A child's first task, which runs before the child is connected. */
@ExtendWith(NothingLeft.class)
@Timeout(120)
class FirstTaskTest {
  @TempDir Path directory;

  private static TaskExecutor open() {
    return Interlock.builder().strategy("process-pool").workers(1).open();
  }

  private static boolean isConnected() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("interlock-watchdog"));
  }

  @Test
  void runsBeforeTheSocketsAreThere() throws Exception {
    boolean seen = false;
    for (int i = 0; i < 20 && !seen; i++) {
      try (TaskExecutor pool = open()) {
        seen = !pool.submit(FirstTaskTest::isConnected).get();
        while (!pool.submit(FirstTaskTest::isConnected).get()) {
          // its sockets come
        }
      }
    }
    assertThat(seen).isTrue();
  }

  @Test
  void mayEndItsChild() throws Exception {
    try (TaskExecutor pool = open()) {
      assertThatThrownBy(() -> pool.submit(FirstTaskTest::exit).get())
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(WorkerCrashedException.class)
          .hasMessageContaining("exit code 3");
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    }
  }

  private static boolean exit() {
    System.exit(3);
    return true;
  }

  @Test
  void mayFailAndMayReturnMoreThanAPipeTakesAtOnce() throws Exception {
    try (TaskExecutor pool = open()) {
      assertThatThrownBy(() -> pool.submit(FirstTaskTest::fail).get())
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("as a task may");
    }
    try (TaskExecutor pool = open()) {
      assertThat(pool.submit(() -> new byte[1 << 20]).get()).hasSize(1 << 20);
      assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
    }
  }

  private static boolean fail() {
    throw new IllegalStateException("as a task may");
  }

  @Test
  void mayHaveAnyArgument() throws Exception {
    for (int length : new int[] {1, 3_000, 5_000, 300_000}) {
      byte[] bytes = new byte[length];
      try (TaskExecutor pool = open()) {
        assertThat(pool.submit(() -> bytes.length).get()).isEqualTo(length);
        assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
      }
    }
  }

  @Test
  void mayCloseStdoutAndFindsStdinAtItsEnd() throws Exception {
    try (TaskExecutor pool = open()) {
      assertThat(pool.submit(FirstTaskTest::closeStdout).get()).isEqualTo(-1);
      assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
    }
  }

  private static int closeStdout() throws IOException {
    System.out.println("the last words");
    System.out.close();
    new FileOutputStream(FileDescriptor.out).close();
    return System.in.read();
  }

  @Test
  void isInterruptedOnceItsChildCanBeReached() throws Exception {
    String started = directory.resolve("started").toString();
    try (TaskExecutor pool =
        Interlock.builder()
            .strategy("process-pool")
            .workers(1)
            .set("process-pool.kill-after", "off")
            .open()) {
      TaskFuture<?> sleeping =
          pool.submit(
              () -> {
                Files.createFile(Path.of(started));
                return sleepLong();
              });
      awaitFile(started);
      sleeping.cancel(true);
      assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
      assertThat(pool.stats().workersStarted()).isEqualTo(1);
    }
  }

  private static boolean sleepLong() throws InterruptedException {
    TimeUnit.MINUTES.sleep(10);
    return true;
  }

  @Test
  void isKeptToItsLimits() throws Exception {
    TaskOptions limits = TaskOptions.defaults().withHardTimeout(Duration.ofMillis(300));
    try (TaskExecutor pool = open()) {
      assertThatThrownBy(() -> pool.submit(FirstTaskTest::loop, limits).get())
          .cause()
          .isInstanceOf(TaskTimeoutException.class);
      assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
    }
  }

  @SuppressWarnings("InfiniteLoopStatement")
  private static boolean loop() {
    while (true) {
      Thread.onSpinWait();
    }
  }

  @Test
  void isDroppedWithItsPool() {
    TaskExecutor pool = open();
    TaskFuture<?> sleeping = pool.submit(FirstTaskTest::sleepLong);
    pool.shutdownNow();
    assertThatThrownBy(sleeping::get).isNotNull();
    pool.close();
  }
}
