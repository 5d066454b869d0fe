// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.awaitFile;
import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CancelTest {
  private static final int TASKS = 3_000;

  @TempDir Path directory;

  @Test
  void cancelInterruptsTheTaskInTheChild() throws Exception {
    String started = directory.resolve("started").toString();
    String interrupted = directory.resolve("interrupted").toString();
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<?> task =
          executor.submit(
              () -> {
                Files.createFile(Path.of(started));
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  Files.createFile(Path.of(interrupted));
                }
                return null;
              });
      awaitFile(started);
      assertThat(task.cancel(true)).isTrue();
      assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
      awaitFile(interrupted);
      assertThat(executor.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }

  @Test
  void aTaskCancelledBeforeItStartsNeverRuns() throws Exception {
    String gate = directory.resolve("gate").toString();
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<?> first = executor.submit(() -> awaitFile(gate));
      List<TaskFuture<?>> waiting = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        String trace = directory.resolve("trace" + i).toString();
        waiting.add(executor.submit(() -> Files.createFile(Path.of(trace)).toString()));
      }
      await().until(() -> executor.stats().workers() == 1);
      for (int i = 0; i < 50; i += 2) {
        assertThat(waiting.get(i).cancel(i % 4 == 0)).isTrue();
      }
      Files.createFile(Path.of(gate));
      first.get();
      for (int i = 1; i < 50; i += 2) {
        waiting.get(i).get();
      }
      executor.submit(() -> 1).get();
      for (int i = 0; i < 50; i++) {
        assertThat(Files.exists(directory.resolve("trace" + i))).isEqualTo(i % 2 == 1);
      }
    }
  }

  @Test
  void randomCancelsLeaveEveryFutureDoneAndEveryWorkerUsable() throws Exception {
    Random random = new Random(5);
    try (TaskExecutor executor = pool(2).open()) {
      List<TaskFuture<Integer>> all = new ArrayList<>();
      for (int i = 0; i < TASKS; i++) {
        int n = i;
        all.add(
            executor.submit(
                () -> {
                  if (Thread.interrupted()) {
                    throw new InterruptedException("own interrupt, at once");
                  }
                  if (n % 3 == 0) {
                    Thread.sleep(0, 200_000);
                  }
                  return n;
                }));
        if (random.nextBoolean()) {
          all.get(random.nextInt(all.size())).cancel(random.nextBoolean());
        }
      }
      assertThat(all).hasSize(TASKS);
      assertOnlyTheCancelledHaveNoResult(executor, all, 20);
      assertThat(executor.stats().workersStarted()).isLessThanOrEqualTo(2);
      assertThat(executor.stats().failed()).isZero();
    }
  }

  /**
   * Each task has its number as its result, or is cancelled; and so many tasks that follow meet no
   * interrupt.
   */
  static void assertOnlyTheCancelledHaveNoResult(
      TaskExecutor executor, List<TaskFuture<Integer>> all, int followers) throws Exception {
    int cancelled = 0;
    for (int i = 0; i < all.size(); i++) {
      try {
        assertThat(all.get(i).get()).isEqualTo(i);
      } catch (CancellationException e) {
        cancelled++;
      }
    }
    assertThat(cancelled).isPositive();
    for (int i = 0; i < followers; i++) {
      assertThat(executor.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
    }
    assertThat(executor.stats().workersLost()).isZero();
  }

  @Test
  void shutdownNowInterruptsWhatRunsAndReturnsTheRest() throws Exception {
    String started = directory.resolve("started").toString();
    TaskExecutor executor = pool(1).open();
    TaskFuture<?> running =
        executor.submit(
            () -> {
              Files.createFile(Path.of(started));
              new CountDownLatch(1).await();
              return null;
            });
    TaskFuture<?> waiting = executor.submit(() -> 1);
    awaitFile(started);
    assertThat(executor.shutdownNow()).containsExactly((Runnable) waiting);
    assertThat(waiting.isCancelled()).isTrue();
    assertThatThrownBy(running::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    executor.close();
  }

  @Test
  void anInterruptOfTheSubmitterDoesNotHarmTheChannel() throws Exception {
    byte[] large = new byte[4 << 20];
    try (TaskExecutor executor = pool(1).open()) {
      for (int i = 0; i < 20; i++) {
        Thread.currentThread().interrupt();
        TaskFuture<Integer> future = executor.submit(() -> large.length);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(future.get()).isEqualTo(large.length);
      }
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }

  @Test
  void aTaskThatInterruptsItsOwnThreadDoesNotHarmTheChannel() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      for (int i = 0; i < 20; i++) {
        TaskFuture<byte[]> future =
            executor.submit(
                () -> {
                  Thread.currentThread().interrupt();
                  return new byte[4 << 20];
                });
        assertThat(future.get()).hasSize(4 << 20);
      }
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }
}
