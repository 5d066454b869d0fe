// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskOptions;
import dev.interlock.TaskTimeoutException;
import dev.interlock.WorkerCrashedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many tasks are sent ahead, and what becomes of them. A child that SIGSTOP holds starts none
 * of what it is sent.
 */
@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SentTasksTest {
  private static final int MANY = 300;
  private static final Duration MOMENT = Duration.ofMillis(300);

  @TempDir Path directory;

  private static TaskExecutor warm(int workers, int prefetch) throws Exception {
    return TransportTest.warm(pool(workers).set("process-pool.prefetch", prefetch), workers);
  }

  private static void letPass(Duration time) {
    await().pollDelay(time).timeout(time.plusSeconds(60)).until(() -> true);
  }

  /** Each makes a file, and fails if it is there already. */
  private List<TaskFuture<Integer>> submitMarks(TaskExecutor executor, int count) {
    List<TaskFuture<Integer>> marks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int n = i;
      String file = directory.resolve("mark" + n).toString();
      marks.add(
          executor.submit(
              () -> {
                Files.createFile(Path.of(file));
                return n;
              }));
    }
    return marks;
  }

  private void assertEachRanOnce(List<TaskFuture<Integer>> marks) throws Exception {
    for (int i = 0; i < marks.size(); i++) {
      assertThat(marks.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(i);
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith("mark")))
          .hasSize(marks.size());
    }
  }

  /** How many bytes leave while the only child is held, and tasks of one size are submitted. */
  private long bytesSentToAHeldChild() throws Exception {
    try (TaskExecutor executor = warm(1, 1)) {
      ProcessHandle child = NothingLeft.children().get(0);
      Signals.stop(child);
      long before = executor.stats().encodedBytes();
      List<TaskFuture<Integer>> all = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        all.add(executor.submit(() -> 1_000));
      }
      letPass(MOMENT);
      long sent = executor.stats().encodedBytes() - before;
      Signals.resume(child);
      for (TaskFuture<Integer> one : all) {
        assertThat(one.get()).isEqualTo(1_000);
      }
      return sent;
    }
  }

  @Test
  void aPrefetchOfOneIsOneTaskInFlight() throws Exception {
    long one = bytesSentToAHeldChild();
    assertThat(one).isPositive();
    try (TaskExecutor executor = warm(1, 1)) {
      long before = executor.stats().encodedBytes();
      assertThat(executor.submit(() -> 1_000).get()).isEqualTo(1_000);
      assertThat(one).as("one task, and no outcome").isLessThan(stats(executor) - before);
    }
  }

  private static long stats(TaskExecutor executor) {
    return executor.stats().encodedBytes();
  }

  @Test
  void whatWaitsInAChildThatIsHeldRunsElsewhere() throws Exception {
    try (TaskExecutor executor = warm(2, 64)) {
      ProcessHandle held = NothingLeft.children().get(0);
      Signals.stop(held);
      List<TaskFuture<Integer>> marks = submitMarks(executor, MANY);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> marks.stream().filter(mark -> !mark.isDone()).count() <= 1);
      Signals.resume(held);
      assertEachRanOnce(marks);
      assertThat(executor.stats().workersStarted()).isEqualTo(2);
    }
  }

  @Test
  void whatWaitsInAChildThatDiesRunsElsewhereAndOnce() throws Exception {
    try (TaskExecutor executor = warm(1, 64)) {
      ProcessHandle held = NothingLeft.children().get(0);
      Signals.stop(held);
      List<TaskFuture<Integer>> marks = submitMarks(executor, MANY);
      letPass(MOMENT);
      Signals.send("KILL", held.pid());
      assertEachRanOnce(marks);
      assertThat(executor.stats().failed()).as("it had started none").isZero();
    }
  }

  @Test
  void onlyTheTaskThatRunsPaysForTheKillOfItsChild() throws Exception {
    CountDownLatch inCallback = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    try (TaskExecutor executor = warm(1, 64)) {
      ProcessHandle child = NothingLeft.children().get(0);
      Signals.stop(child); // so that all of these are in flight together
      TaskFuture<Integer> first = executor.submit(() -> 1);
      TaskFuture<Integer> endless =
          executor.submit(
              () -> {
                int turns = 0;
                while (turns >= 0) {
                  turns = (turns + 1) & 0xffff;
                }
                return turns;
              },
              TaskOptions.defaults().withHardTimeout(MOMENT).withMaxAttempts(3));
      List<TaskFuture<Integer>> marks = submitMarks(executor, 20);
      first.whenComplete(
          (value, failure) -> { // its thread is the one that would take back what waits
            inCallback.countDown();
            Uninterruptibles.awaitUninterruptibly(over);
          });
      Signals.resume(child);
      inCallback.await();
      assertThatThrownBy(() -> endless.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(TaskTimeoutException.class);
      over.countDown();
      assertEachRanOnce(marks);
      assertThat(executor.stats().failed()).isEqualTo(1);
      assertThat(executor.stats().workersStarted()).isEqualTo(2);
      assertThat(executor.stats().workersLost()).isZero();
    }
  }

  @Test
  void onlyTheTaskThatRunsPaysForTheCrashOfItsChild() throws Exception {
    try (TaskExecutor executor = warm(1, 64)) {
      ProcessHandle child = NothingLeft.children().get(0);
      Signals.stop(child);
      TaskFuture<Integer> first = executor.submit(() -> 1);
      TaskFuture<Integer> crash =
          executor.submit(
              () -> {
                Runtime.getRuntime().halt(3);
                return 0;
              });
      List<TaskFuture<Integer>> marks = submitMarks(executor, 20);
      Signals.resume(child);
      assertThat(first.get()).isEqualTo(1);
      assertThatThrownBy(crash::get).hasCauseInstanceOf(WorkerCrashedException.class);
      assertEachRanOnce(marks);
      assertThat(executor.stats().failed()).isEqualTo(1);
      assertThat(executor.stats().workersLost()).isEqualTo(1);
    }
  }
}
