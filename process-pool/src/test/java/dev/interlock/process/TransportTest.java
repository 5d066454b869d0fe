// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.awaitFile;
import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.ConfigurationException;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.WorkerCrashedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many tasks in flight, over sockets and shared memory. */
@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TransportTest {
  private static final int MEBIBYTE = 1 << 20;

  @TempDir Path directory;

  /** Opens a pool and runs short tasks until all its children have a ring. */
  static TaskExecutor warm(Interlock.Builder builder, int workers) throws Exception {
    TaskExecutor executor = builder.open();
    boolean ready = false;
    while (!ready) {
      ready = attached() >= workers; // the parent learns it with the outcomes that follow
      List<TaskFuture<Integer>> some = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        some.add(executor.submit(() -> 1));
      }
      for (TaskFuture<Integer> future : some) {
        future.get();
      }
    }
    return executor;
  }

  private static long attached() {
    return NothingLeft.children().stream().filter(TransportTest::hasRing).count();
  }

  private static boolean hasRing(ProcessHandle child) {
    try {
      return Files.readString(Path.of("/proc/" + child.pid() + "/maps"))
          .contains("interlock-ring-");
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "1024", "1"})
  void payloadsOfAllSizesPassBothWaysAtOnce(String prefetch) throws Exception {
    Interlock.Builder builder =
        pool(2).set("process-pool.heap", "768MiB").set("process-pool.prefetch", prefetch);
    try (TaskExecutor executor = warm(builder, 2)) {
      Random random = new Random(7);
      List<byte[]> sent = new ArrayList<>();
      List<TaskFuture<byte[]>> echoes = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        byte[] payload = new byte[1 + random.nextInt(1 << random.nextInt(20))];
        if (i % 100 == 50) {
          payload = new byte[(4 << (i / 100)) * MEBIBYTE];
        }
        random.nextBytes(payload);
        byte[] argument = payload;
        sent.add(payload);
        echoes.add(executor.submit(() -> argument));
      }
      for (int i = 0; i < sent.size(); i++) {
        assertThat(Arrays.equals(echoes.get(i).get(), sent.get(i))).isTrue();
      }
      assertThat(executor.stats().workersStarted()).isEqualTo(2);
      assertThat(executor.stats().failed()).isZero();
    }
  }

  @Test
  void resultsLargerThanTheRingDoNotStopIt() throws Exception {
    try (TaskExecutor executor = warm(pool(1), 1)) {
      List<TaskFuture<byte[]>> results = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        int length = i % 16 == 0 ? 100_000 : i % 16 * 1_000;
        results.add(executor.submit(() -> new byte[length]));
      }
      for (int i = 0; i < results.size(); i++) {
        assertThat(results.get(i).get()).hasSize(i % 16 == 0 ? 100_000 : i % 16 * 1_000);
      }
    }
  }

  @Test
  void aCancelledTaskBehindARunningOneNeverRuns() throws Exception {
    try (TaskExecutor executor = warm(pool(1), 1)) {
      for (int round = 0; round < 10; round++) {
        String gate = directory.resolve("gate" + round).toString();
        String prefix = directory.resolve("trace" + round + "-").toString();
        List<TaskFuture<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          tasks.add(executor.submit(() -> 1));
        }
        tasks.add(executor.submit(() -> awaitFile(gate)));
        List<TaskFuture<?>> behind = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
          String trace = prefix + i;
          behind.add(executor.submit(() -> Files.createFile(Path.of(trace)).toString()));
        }
        for (int i = 0; i < 60; i += 2) {
          assertThat(behind.get(i).cancel(i % 4 == 0)).isTrue();
        }
        Files.createFile(Path.of(gate));
        for (TaskFuture<?> task : tasks) {
          task.get();
        }
        for (int i = 1; i < 60; i += 2) {
          behind.get(i).get();
        }
        executor.submit(() -> 1).get();
        for (int i = 0; i < 60; i++) {
          assertThat(Files.exists(Path.of(prefix + i))).isEqualTo(i % 2 == 1);
        }
      }
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }

  @Test
  void tenThousandRandomCancelsLeaveEveryFutureDoneAndEveryWorkerUsable() throws Exception {
    Random random = new Random(5);
    int cancels = 0;
    try (TaskExecutor executor = warm(pool(2), 2)) {
      List<TaskFuture<Integer>> all = new ArrayList<>();
      while (cancels < 10_000) {
        int n = all.size();
        all.add(
            executor.submit(
                () -> {
                  if (Thread.interrupted()) {
                    throw new InterruptedException("another task's interrupt");
                  }
                  if (n % 64 == 0) {
                    Thread.sleep(0, 200_000);
                  }
                  return n;
                }));
        int from = Math.max(0, n - 300);
        if (n % 2 == 0) {
          all.get(from + random.nextInt(n - from + 1)).cancel(random.nextBoolean());
          cancels++;
        }
      }
      CancelTest.assertOnlyTheCancelledHaveNoResult(executor, all, 50);
      assertThat(executor.stats().workersStarted()).isEqualTo(2);
      assertThat(executor.stats().failed()).isZero();
    }
  }

  @Test
  void aKilledChildLosesTheOneTaskThatItRan() throws Exception {
    String prefix = directory.resolve("ran").toString();
    try (TaskExecutor executor = warm(pool(2), 2)) {
      for (int round = 0; round < 3; round++) {
        List<TaskFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
          int n = i;
          String trace = prefix + round + "-" + i;
          all.add(
              executor.submit(
                  () -> {
                    Files.createFile(Path.of(trace)); // fails if it runs a second time
                    if (n == 700) {
                      String pid = String.valueOf(ProcessHandle.current().pid());
                      new ProcessBuilder("kill", "-9", pid).start().waitFor();
                      new CountDownLatch(1).await();
                    }
                    return n;
                  }));
        }
        for (int i = 0; i < all.size(); i++) {
          if (i == 700) {
            assertThatThrownBy(all.get(i)::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(WorkerCrashedException.class)
                .hasMessageContaining("SIGKILL");
          } else {
            assertThat(all.get(i).get()).isEqualTo(i);
          }
        }
      }
      assertThat(executor.stats().failed()).isEqualTo(3);
      assertThat(executor.stats().workersLost()).isEqualTo(3);
    }
  }

  @Test
  void aTaskMayWaitForTheEffectOfOneBehindIt() throws Exception {
    try (TaskExecutor executor = warm(pool(2), 2)) {
      for (int round = 0; round < 20; round++) {
        String file = directory.resolve("effect" + round).toString();
        List<TaskFuture<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          tasks.add(executor.submit(() -> 1));
        }
        tasks.add(executor.submit(() -> awaitFile(file)));
        for (int i = 0; i < 10; i++) {
          tasks.add(executor.submit(() -> 1));
        }
        tasks.add(executor.submit(() -> Files.createFile(Path.of(file)).toString()));
        for (TaskFuture<?> task : tasks) {
          task.get();
        }
      }
    }
  }

  @Test
  void shutdownNowReturnsWhatWasSentAndNotStarted() throws Exception {
    String started = directory.resolve("started").toString();
    TaskExecutor executor = warm(pool(1), 1);
    List<TaskFuture<?>> before = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      before.add(executor.submit(() -> 1));
    }
    TaskFuture<?> running =
        executor.submit(
            () -> {
              Files.createFile(Path.of(started));
              new CountDownLatch(1).await();
              return null;
            });
    List<TaskFuture<?>> behind = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String trace = directory.resolve("trace" + i).toString();
      behind.add(executor.submit(() -> Files.createFile(Path.of(trace)).toString()));
    }
    awaitFile(started);
    assertThat(executor.shutdownNow()).isEqualTo(behind);
    for (TaskFuture<?> task : behind) {
      assertThat(task.isCancelled()).isTrue();
    }
    assertThatThrownBy(running::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    for (TaskFuture<?> task : before) {
      assertThat(task.get()).isEqualTo(1);
    }
    executor.close();
    for (int i = 0; i < 100; i++) {
      assertThat(directory.resolve("trace" + i)).doesNotExist();
    }
  }

  @Test
  void whoWaitsGetsResultsAndFailuresOfShortTasks() throws Exception {
    try (TaskExecutor executor = warm(pool(1), 1)) {
      for (int i = 0; i < 5_000; i++) {
        int n = i;
        TaskFuture<Integer> future =
            executor.submit(
                () -> {
                  if (n % 100 == 99) {
                    throw new IllegalStateException("task " + n);
                  }
                  return n;
                });
        if (i % 100 == 99) {
          assertThatThrownBy(future::get).hasRootCauseMessage("task " + n);
        } else if (i % 100 == 50) {
          assertThat(future.thenApply(value -> value + 1).toCompletableFuture().get())
              .isEqualTo(n + 1);
        } else {
          assertThat(i % 2 == 0 ? future.get() : future.join()).isEqualTo(n);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aCallbackMayWaitForATaskOfTheSameChild(int workers) throws Exception {
    try (TaskExecutor executor = warm(pool(workers), workers)) {
      for (int round = 0; round < 20; round++) {
        List<TaskFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          int n = i;
          all.add(executor.submit(() -> n));
        }
        List<CompletableFuture<Integer>> sums = new ArrayList<>();
        for (int i = 0; i < 99; i++) {
          TaskFuture<Integer> next = all.get(i + 1);
          boolean waits = i % 10 != 9; // not all on top of each other
          sums.add(
              all.get(i).thenApply(n -> n + (waits ? next.join() : n + 1)).toCompletableFuture());
        }
        for (int i = 0; i < 99; i++) {
          assertThat(sums.get(i).get()).isEqualTo(2 * i + 1);
        }
        assertThat(
                all.get(0)
                    .thenApply(n -> n + executor.submit(() -> 5).join())
                    .toCompletableFuture()
                    .get())
            .isEqualTo(5);
      }
    }
  }

  @Test
  void severalThreadsMayWaitAtOnce() throws Exception {
    try (TaskExecutor executor = warm(pool(2), 2)) {
      List<CompletableFuture<Void>> callers = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        callers.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < 1_000; i++) {
                    int n = i;
                    assertThat(executor.submit(() -> n).join()).isEqualTo(n);
                  }
                },
                thread -> new Thread(thread, "caller").start()));
      }
      callers.forEach(CompletableFuture::join);
    }
  }

  @Test
  void manyPoolsAtOnce() throws Exception {
    List<TaskExecutor> pools = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        pools.add(pool(1).open());
      }
      for (int round = 0; round < 10; round++) {
        List<TaskFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
          int n = i;
          all.add(pools.get(i % pools.size()).submit(() -> n));
        }
        for (int i = 0; i < all.size(); i++) {
          assertThat(all.get(i).get()).isEqualTo(i);
        }
      }
      assertThat(attached()).isEqualTo(5);
    } finally {
      pools.forEach(TaskExecutor::close);
    }
  }

  @Test
  void withoutTheFastPathThereIsNoSharedMemory() throws Exception {
    try (TaskExecutor executor = pool(1).set("process-pool.fast-path", "off").open()) {
      List<TaskFuture<Integer>> all =
          IntStream.range(0, 500).mapToObj(i -> executor.submit(() -> i)).toList();
      for (int i = 0; i < 500; i++) {
        assertThat(all.get(i).get()).isEqualTo(i);
      }
      assertThat(attached()).isZero();
    }
  }

  @Test
  void optionsAreChecked() {
    assertThatThrownBy(() -> pool(1).set("process-pool.prefetch", 0).open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'auto', or a whole number from 1 to 1024");
    assertThatThrownBy(() -> pool(1).set("process-pool.fast-path", "maybe").open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("one of auto, off");
  }
}
