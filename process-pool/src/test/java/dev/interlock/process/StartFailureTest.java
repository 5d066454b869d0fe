// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.interlock.BrokenExecutorException;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Children that do not come as far as their first task. */
@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartFailureTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-XX:+NoSuchFlagAtAll | NoSuchFlagAtAll",
        "-Xmx100000g -Xms100000g | heap",
        "-Djava.system.class.loader=no.such.Loader | no.such.Loader",
      })
  void aJvmThatCannotStartBreaksTheExecutorWithItsOwnWords(String arguments, String said)
      throws Exception {
    assertBroken(pool(1).set("process-pool.jvm-args", List.of(arguments.split(" "))), said);
  }

  @Test
  void aClassPathWithoutInterlockBreaksTheExecutorWithTheJvmsWords() throws Exception {
    String classPath = System.getProperty("java.class.path");
    try {
      System.setProperty("java.class.path", directory.toString());
      assertBroken(pool(1), "WorkerMain");
    } finally {
      System.setProperty("java.class.path", classPath);
    }
  }

  private static void assertBroken(Interlock.Builder builder, String said) throws Exception {
    try (TaskExecutor executor = builder.open()) {
      Throwable broken;
      try {
        TaskFuture<Integer> never = executor.submit(() -> 1);
        broken =
            catchThrowableOfType(ExecutionException.class, () -> never.get(60, TimeUnit.SECONDS))
                .getCause();
      } catch (RejectedExecutionException e) {
        broken = e;
      }
      assertThat(broken)
          .isInstanceOf(BrokenExecutorException.class)
          .hasMessageContaining("no child JVM can be started")
          .cause()
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("worker-1")
          .hasMessageContaining(said);
      assertThatThrownBy(() -> executor.submit(() -> 2))
          .isInstanceOf(BrokenExecutorException.class);
      assertThat(executor.stats().workersStarted()).isZero();
    }
  }

  @Test
  void childrenThatDieBeforeTheyAreReadyAreNotStartedForEver() throws Exception {
    Path starts = Files.createDirectory(directory.resolve("starts"));
    List<String> arguments =
        List.of("-Xlog:gc:file=" + starts + "/%p", "-Djava.system.class.loader=no.such.Loader");
    try (TaskExecutor executor = pool(4).set("process-pool.jvm-args", arguments).open()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                try {
                  return executor.submit(() -> 1).isCancelled();
                } catch (BrokenExecutorException e) {
                  return true;
                }
              });
      await().until(() -> NothingLeft.children().isEmpty());
      try (Stream<Path> started = Files.list(starts)) {
        assertThat(started.count())
            .as("children: up to 4 at first, then one by one")
            .isBetween((long) SpawnBackOff.MOST_IN_A_ROW, 4L + SpawnBackOff.MOST_IN_A_ROW);
      }
    }
  }

  @Test
  void aPoolWhoseStartsFailForAWhileRecovers() throws Exception {
    Path starts = Files.createDirectory(directory.resolve("starts"));
    Path options = directory.resolve("options");
    Files.writeString(options, "-Djava.system.class.loader=no.such.Loader");
    List<String> arguments =
        List.of("-Xlog:gc:file=" + starts + "/%p", "-XX:VMOptionsFile=" + options);
    try (TaskExecutor executor = pool(1).set("process-pool.jvm-args", arguments).open()) {
      TaskFuture<Integer> waits = executor.submit(() -> 1);
      await()
          .until(
              () -> {
                try (Stream<Path> started = Files.list(starts)) {
                  return started.findAny().isPresent();
                }
              });
      Files.writeString(options, "");
      assertThat(waits.get(60, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(executor.stats().workersLost()).isZero();
    }
  }

  @Test
  void theBackOffDoublesUpToASecondAndForgetsOnSuccess() {
    SpawnBackOff backOff = new SpawnBackOff();
    long now = 1_000_000_000L;
    StartFailure first = new StartFailure("worker-1", "exit code 1", "", null);
    assertThat(backOff.isActive()).isFalse();
    assertThat(backOff.waitNs(now)).isZero();
    long[] expectedMs = {10, 20, 40, 80, 160, 320, 640, 1_000, 1_000};
    for (int i = 0; i < expectedMs.length; i++) {
      StartFailure failure =
          i == 0 ? first : new StartFailure("worker-" + (i + 1), "exit code 1", "", null);
      backOff.failed(failure, now, now + 1);
      assertThat(backOff.waitNs(now + 1)).isEqualTo(expectedMs[i] * 1_000_000);
      assertThat(backOff.waitNs(now + 1 + expectedMs[i] * 1_000_000)).isZero();
      assertThat(backOff.tooMany()).isEqualTo(i + 1 < SpawnBackOff.MOST_IN_A_ROW ? null : first);
      backOff.failed(failure, now, now + 2); // one that was started side by side
      assertThat(backOff.waitNs(now + 1)).isEqualTo(expectedMs[i] * 1_000_000);
      now += 2_000_000_000L;
    }
    backOff.succeeded();
    assertThat(backOff.isActive()).isFalse();
    assertThat(backOff.tooMany()).isNull();
  }
}
