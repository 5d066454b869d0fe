// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.interlock.BrokenExecutorException;
import dev.interlock.Capability;
import dev.interlock.ConfigurationException;
import dev.interlock.Interlock;
import dev.interlock.NotShareableException;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskFutures;
import dev.interlock.WorkerCrashedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessPoolTest {
  private static final int MEBIBYTE = 1 << 20;

  @TempDir Path directory;

  static Interlock.Builder pool(int workers) {
    return Interlock.builder()
        .strategy("process-pool")
        .workers(workers)
        .set("process-pool.heap", "256MiB");
  }

  @Test
  void tasksRunInOtherProcesses() throws Exception {
    try (TaskExecutor executor = pool(2).open()) {
      assertThat(executor.capabilities())
          .containsExactlyInAnyOrder(
              Capability.COPIED_TASKS,
              Capability.ISOLATED_STATE,
              Capability.PARALLELISM,
              Capability.CRASH_CONTAINMENT,
              Capability.KILL,
              Capability.RECYCLING);
      long pid = executor.submit(() -> ProcessHandle.current().pid()).get();
      assertThat(pid).isNotEqualTo(ProcessHandle.current().pid());
      long parent =
          executor.submit(() -> ProcessHandle.current().parent().orElseThrow().pid()).get();
      assertThat(parent).isEqualTo(ProcessHandle.current().pid());
    }
  }

  @Test
  void resultsBelongToTheirTasksWhateverTheOrderOfTheirEnds() throws Exception {
    Path gate = directory.resolve("gate");
    try (TaskExecutor executor = pool(2).open()) {
      String file = gate.toString();
      TaskFuture<String> slow =
          executor.submit(
              () -> {
                awaitFile(file);
                return "slow";
              });
      List<TaskFuture<Integer>> fast = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int n = i;
        fast.add(executor.submit(() -> n * n));
      }
      for (int i = 0; i < 200; i++) {
        assertThat(fast.get(i).get()).isEqualTo(i * i);
      }
      assertThat(slow.isDone()).isFalse();
      Files.createFile(gate);
      assertThat(slow.get()).isEqualTo("slow");
    }
  }

  @Test
  void manyTasksOnSeveralWorkers() throws Exception {
    try (TaskExecutor executor = pool(3).open()) {
      List<TaskFuture<Long>> pids =
          IntStream.range(0, 3_000)
              .mapToObj(i -> executor.submit(() -> ProcessHandle.current().pid()))
              .toList();
      Set<Long> distinct = new HashSet<>();
      for (TaskFuture<Long> pid : pids) {
        distinct.add(pid.get());
      }
      assertThat(distinct).hasSizeBetween(1, 3);
      assertThat(executor.stats().completed()).isEqualTo(3_000);
      try (Stream<Integer> squares =
          executor.map(n -> n * n, IntStream.range(0, 1_000).boxed().toList())) {
        assertThat(squares.toList())
            .isEqualTo(IntStream.range(0, 1_000).map(n -> n * n).boxed().toList());
      }
    }
  }

  @Test
  void workersAreStartedOnDemand() throws Exception {
    try (TaskExecutor executor = pool(8).open()) {
      for (int i = 0; i < 20; i++) {
        executor.submit(() -> 1).get();
      }
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }

  @Test
  void staticsAreNotShared() throws Exception {
    Statics.value = 1;
    try (TaskExecutor executor = pool(1).open()) {
      executor.submit(() -> Statics.value += 41).get();
      assertThat(executor.submit(() -> Statics.value).get()).isEqualTo(41);
      assertThat(Statics.value).isEqualTo(1);
    }
  }

  static final class Statics {
    static int value;

    private Statics() {}
  }

  @Test
  void failuresComeBackWithTypeMessageCauseAndRemoteStack() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<Object> failing = executor.submit(ProcessPoolTest::fail);
      assertThatThrownBy(failing::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(IOException.class)
          .hasMessage("no disk")
          .satisfies(e -> assertThat(e.getStackTrace()[0].getMethodName()).isEqualTo("fail"))
          .hasCauseInstanceOf(IllegalStateException.class);
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }

  private static Object fail() throws IOException {
    throw new IOException("no disk", new IllegalStateException("full"));
  }

  @Test
  void aResultThatCannotCrossFailsAlone() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<Thread> thread = executor.submit(Thread::currentThread);
      assertThatThrownBy(thread::get).hasCauseInstanceOf(NotShareableException.class);
      TaskFuture<Object> odd = executor.submit(ProcessPoolTest::failOddly);
      assertThatThrownBy(odd::get)
          .isInstanceOf(ExecutionException.class)
          .hasStackTraceContaining("odd");
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }

  private static Object failOddly() {
    class OddException extends RuntimeException {
      @SuppressWarnings("unused") // what cannot cross
      final Thread thread = Thread.currentThread();

      OddException() {
        super("odd");
      }
    }
    throw new OddException();
  }

  @Test
  void aTaskThatCannotCrossFailsInSubmit() {
    try (TaskExecutor executor = pool(1).open()) {
      Thread here = Thread.currentThread();
      assertThatThrownBy(() -> executor.submit(() -> here.getName()))
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining("Thread");
      assertThatThrownBy(() -> executor.submit(() -> executor.submit(() -> 1).get()))
          .isInstanceOf(NotShareableException.class);
    }
  }

  @Test
  void aStackOverflowIsThatTasksFailure() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<Integer> endless = executor.submit(() -> depth(1));
      assertThatThrownBy(endless::get).hasCauseInstanceOf(StackOverflowError.class);
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
      assertThat(executor.stats().workersLost()).isZero();
    }
  }

  private static int depth(int n) {
    return n > 0 ? depth(n + 1) + 1 : n;
  }

  @Test
  void largePayloadsGoBothWays() throws Exception {
    byte[] large = new byte[50 * MEBIBYTE];
    for (int i = 0; i < large.length; i += 997) {
      large[i] = (byte) i;
    }
    try (TaskExecutor executor = pool(1).set("process-pool.heap", "1GiB").open()) {
      byte[] back = executor.submit(() -> large).get();
      assertThat(Arrays.equals(back, large)).isTrue();
      for (int size :
          new int[] {0, 1, 12, 13, 14, 4_095, 65_522, 65_523, 65_524, 65_536, MEBIBYTE}) {
        assertThat(executor.submit(() -> new byte[size]).get()).hasSize(size);
        byte[] sent = new byte[size];
        assertThat(executor.submit(() -> sent.length).get()).isEqualTo(size);
      }
    }
  }

  @Test
  void whatIsLargerThanAFrameFailsAlone() throws Exception {
    try (TaskExecutor executor = pool(1).set("process-pool.max-frame", "1MiB").open()) {
      byte[] large = new byte[MEBIBYTE];
      assertThatThrownBy(() -> executor.submit(() -> large.length))
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining("max-frame");
      TaskFuture<byte[]> result = executor.submit(() -> new byte[MEBIBYTE]);
      assertThatThrownBy(result::get)
          .cause()
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining("max-frame");
      assertThat(executor.submit(() -> new byte[MEBIBYTE / 2]).get()).hasSize(MEBIBYTE / 2);
      assertThat(executor.stats().workersLost()).isZero();
    }
  }

  @Test
  void theInitializerRunsOncePerChildAndAgainInItsReplacement() throws Exception {
    try (TaskExecutor executor = pool(1).workerInitializer(() -> Statics.value += 7).open()) {
      assertThat(executor.submit(() -> Statics.value).get()).isEqualTo(7);
      assertThat(executor.submit(() -> Statics.value).get()).isEqualTo(7);
      assertThatThrownBy(() -> executor.submit(() -> Runtime.getRuntime().halt(1)).get())
          .hasCauseInstanceOf(WorkerCrashedException.class);
      assertThat(executor.submit(() -> Statics.value).get()).isEqualTo(7);
    }
  }

  @Test
  void aFailingInitializerBreaksTheExecutor() {
    try (TaskExecutor executor =
        pool(2)
            .workerInitializer(
                () -> {
                  throw new IllegalStateException("no licence");
                })
            .open()) {
      assertThatThrownBy(
              () -> {
                List<TaskFuture<Integer>> pending = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                  pending.add(executor.submit(() -> 1));
                }
                for (TaskFuture<Integer> future : pending) {
                  future.get();
                }
              })
          .isInstanceOfAny(ExecutionException.class, BrokenExecutorException.class)
          .hasStackTraceContaining("no licence");
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> executor.submit(() -> 1))
                      .isInstanceOf(BrokenExecutorException.class)
                      .hasMessageContaining("initializer")
                      .hasStackTraceContaining("no licence"));
    }
  }

  @Test
  void anInitializerThatCannotCrossIsRefusedByName() {
    Thread here = Thread.currentThread();
    assertThatThrownBy(() -> pool(1).workerInitializer(here::interrupt).open())
        .isInstanceOf(NotShareableException.class)
        .hasMessageContaining("InitializerTask.initializer");
  }

  @Test
  void aCrashingInitializerBreaksTheExecutor() {
    try (TaskExecutor executor =
        pool(2).workerInitializer(() -> Runtime.getRuntime().halt(9)).open()) {
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> executor.submit(() -> 1))
                      .isInstanceOf(BrokenExecutorException.class)
                      .hasStackTraceContaining("exit code 9"));
    }
  }

  @Test
  void badArgumentsBreakTheExecutorAndShowWhatTheChildSaid() {
    try (TaskExecutor executor =
        pool(2).set("process-pool.jvm-args", List.of("-XX:+NoSuchFlag")).open()) {
      List<TaskFuture<Integer>> pending = new ArrayList<>();
      try {
        for (int i = 0; i < 10; i++) {
          pending.add(executor.submit(() -> 1));
        }
      } catch (RejectedExecutionException e) {
        assertThat(e).isInstanceOf(BrokenExecutorException.class);
      }
      for (TaskFuture<Integer> future : pending) {
        assertThatThrownBy(future::get).hasCauseInstanceOf(BrokenExecutorException.class);
      }
      assertThatThrownBy(() -> executor.submit(() -> 1))
          .isInstanceOf(BrokenExecutorException.class)
          .hasMessageContaining("jvm-args")
          .hasStackTraceContaining("Unrecognized VM option 'NoSuchFlag'");
    }
  }

  @Test
  void aChildThatIsNotReadyInTimeIsKilled() {
    try (TaskExecutor executor = pool(1).set("process-pool.start-timeout", "1ms").open()) {
      TaskFuture<Integer> future = executor.submit(() -> 1);
      assertThatThrownBy(future::get)
          .hasCauseInstanceOf(BrokenExecutorException.class)
          .hasStackTraceContaining("start-timeout");
    }
  }

  @Test
  void wrongOptionsAreNamed() {
    assertThatThrownBy(() -> pool(1).set("process-pool.output", "shred").open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.process-pool.output")
        .hasMessageContaining("discard");
    assertThatThrownBy(() -> pool(1).set("process-pool.heap", "1KiB").open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.process-pool.heap");
  }

  @Test
  void closeRunsWhatIsQueued() throws Exception {
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    try (TaskExecutor executor = pool(2).open()) {
      for (int i = 0; i < 500; i++) {
        int n = i;
        futures.add(executor.submit(() -> n));
      }
    }
    for (int i = 0; i < 500; i++) {
      assertThat(futures.get(i).isDone()).isTrue();
      assertThat(futures.get(i).get()).isEqualTo(i);
    }
  }

  @Test
  void closeWithoutATaskIsQuickAndLeavesNothing() {
    for (int i = 0; i < 5; i++) {
      pool(2).open().close();
    }
  }

  @Test
  void closeWithALimitStopsATaskThatIgnoresInterrupts() {
    TaskExecutor executor = pool(2).open();
    TaskFuture<Integer> deaf =
        executor.submit(
            () -> {
              for (int i = 0; ; i++) {
                if (i < 0) {
                  return i;
                }
                i &= 0xffff;
              }
            });
    await().until(() -> executor.stats().workers() == 1);
    executor.close(Duration.ofMillis(100));
    assertThat(executor.isTerminated()).isTrue();
    assertThat(deaf.isDone()).isTrue();
  }

  @Test
  void shutdownHooksOfAChildRunWhenItIsAskedToEnd() throws Exception {
    String file = directory.resolve("hook").toString();
    try (TaskExecutor executor = pool(1).open()) {
      executor
          .submit(
              () ->
                  Runtime.getRuntime()
                      .addShutdownHook(
                          new Thread(
                              () -> {
                                try {
                                  Files.createFile(Path.of(file));
                                } catch (IOException e) {
                                  throw new IllegalStateException(e);
                                }
                              })))
          .get();
    }
    assertThat(Path.of(file)).exists();
  }

  @Test
  void aChildThatDoesNotEndWhenAskedIsKilled() throws Exception {
    try (TaskExecutor executor = pool(1).set("process-pool.stop-timeout", "200ms").open()) {
      executor
          .submit(
              () ->
                  Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitFile("/never/there"))))
          .get();
    }
  }

  @Test
  void callbacksMaySubmit() throws Exception {
    try (TaskExecutor executor = pool(2).open()) {
      TaskFuture<Integer> first = executor.submit(() -> 20);
      int sum =
          first
              .thenCompose(n -> executor.submit(() -> n + 1))
              .thenCompose(n -> executor.submit(() -> n * 2))
              .toCompletableFuture()
              .get();
      assertThat(sum).isEqualTo(42);
      assertThat(TaskFutures.asCompleted(List.of(first)).toList()).containsExactly(first);
    }
  }

  static void awaitFile(String file) {
    await().atMost(Duration.ofMinutes(5)).until(() -> Files.exists(Path.of(file)));
  }
}
