// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.interlock.BrokenExecutorException;
import dev.interlock.Capability;
import dev.interlock.ConfigurationException;
import dev.interlock.ExecutorStats;
import dev.interlock.Interlock;
import dev.interlock.NotShareableException;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.UndecodableException;
import dev.interlock.contract.Gate;
import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Waiting;
import dev.interlock.spi.QueuePolicy;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pool of interpreters, beyond what the contract asks of every strategy. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class SubinterpretersTest {
  @TempDir Path directory;

  private static Interlock.Builder builder(int workers) {
    return Interlock.builder().strategy("subinterpreters").workers(workers);
  }

  private Gate gate() {
    return new Gate(directory.resolve("gate").toString());
  }

  @Test
  void declaresWhatItCan() {
    try (TaskExecutor executor = builder(1).open()) {
      assertThat(executor.capabilities())
          .containsExactlyInAnyOrder(
              Capability.COPIED_TASKS,
              Capability.ISOLATED_STATE,
              Capability.PARALLELISM,
              Capability.RECYCLING);
    }
  }

  @Test
  void startsInterpretersOnDemandAndReusesThem() throws Exception {
    TaskExecutor executor = builder(4).open();
    try (executor) {
      assertThat(executor.stats().workersStarted()).isZero();
      for (int i = 1; i <= 500; i++) {
        assertThat(Waiting.get(executor.submit(() -> 5))).isEqualTo(5);
      }
      Gate gate = gate();
      List<TaskFuture<?>> blocked = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        blocked.add(executor.submit(() -> Jobs.hold(gate)));
      }
      Waiting.await().until(() -> executor.stats().workersStarted() == 4);
      gate.open();
      Waiting.getAll(blocked);
    }
    ExecutorStats stats = executor.stats();
    assertThat(stats.workersStarted()).isEqualTo(4);
    assertThat(stats.workers()).isZero();
    assertThat(stats.workersLost()).isZero();
    assertThat(stats.completed()).isEqualTo(504);
    assertThat(stats.encodedBytes()).isPositive();
  }

  @Test
  void slowTaskHoldsUpNoneBehindIt() throws Exception {
    try (TaskExecutor executor = builder(2).open()) {
      Gate gate = gate();
      TaskFuture<?> slow = executor.submit(() -> Jobs.hold(gate));
      List<TaskFuture<Integer>> quick = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        int number = i;
        quick.add(executor.submit(() -> number));
      }
      assertThat(Waiting.<Integer>getAll(quick)).hasSize(1_000);
      assertThat(slow.isDone()).isFalse();
      gate.open();
      Waiting.get(slow);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"4KiB", "0B", "1GiB"})
  void contentsOfAnySizeCrossAsCopies(String byReferenceAbove) throws Exception {
    try (TaskExecutor executor =
        builder(2).set("subinterpreters.by-reference-above", byReferenceAbove).open()) {
      for (int length : new int[] {0, 1, 4_000, 5_000, 70_000, 1 << 20, 5_000_000}) {
        byte[] sent = new byte[length];
        Arrays.fill(sent, (byte) length);
        byte[] expected = sent.clone();
        TaskFuture<byte[]> future =
            executor.submit(
                () -> {
                  byte[] result = sent.clone();
                  Arrays.fill(sent, (byte) -1);
                  return result;
                });
        Arrays.fill(sent, (byte) -2);
        assertThat(Waiting.get(future)).isEqualTo(expected);
      }
    }
  }

  @Test
  void exceptionsAreTheParentsOwn() throws Exception {
    try (TaskExecutor executor = builder(1).open()) {
      Throwable failure = Waiting.failureOf(executor.submit(Jobs::refuse));
      assertThat(failure)
          .isInstanceOf(Jobs.Refused.class)
          .hasMessage("no")
          .hasCauseInstanceOf(IOException.class);
      assertThat(((Jobs.Refused) failure).code).isEqualTo(7);
      assertThat(failure.getStackTrace()).anyMatch(f -> f.getMethodName().equals("refuse"));
    }
  }

  @Test
  void whatCannotCrossFailsInSubmit() throws Exception {
    try (TaskExecutor executor = builder(1).open();
        Socket socket = new Socket()) {
      assertThatThrownBy(() -> executor.submit(() -> socket.isConnected()))
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining("Socket");
      assertThat(Waiting.failureOf(executor.submit(() -> new Socket())))
          .isInstanceOf(NotShareableException.class);
      assertThat(Waiting.failureOf(executor.submit(() -> new Jobs.Unreadable())))
          .hasStackTraceContaining("not today")
          .isInstanceOf(UndecodableException.class);
      assertThat(Waiting.get(executor.submit(() -> 1))).isEqualTo(1);
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }

  @Test
  void errorsFailOnlyTheirOwnTask() throws Exception {
    try (TaskExecutor executor = builder(1).open()) {
      TaskFuture<Integer> overflow = executor.submit(() -> Jobs.recurse(0));
      TaskFuture<Integer> exhausted = executor.submit(Jobs::exhaustMemory);
      TaskFuture<Integer> fine = executor.submit(() -> 1);
      assertThat(Waiting.failureOf(overflow)).isInstanceOf(StackOverflowError.class);
      assertThat(Waiting.failureOf(exhausted)).isInstanceOf(OutOfMemoryError.class);
      assertThat(Waiting.get(fine)).isEqualTo(1);
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }

  @Test
  void initializerThatFailsInTheInterpreterIsTheCause() throws Exception {
    TaskExecutor executor =
        builder(2)
            .workerInitializer(
                () -> {
                  throw new IllegalStateException("no database");
                })
            .open();
    try (executor) {
      TaskFuture<Integer> future = executor.submit(() -> 1);
      assertThat(Waiting.failureOf(future))
          .isInstanceOf(BrokenExecutorException.class)
          .hasMessageContaining("worker initializer")
          .hasCauseInstanceOf(IllegalStateException.class);
      Waiting.await().until(executor::isTerminated);
    }
    assertThat(executor.stats().workers()).isZero();
  }

  @Test
  void initializerThatCannotCrossFailsTheOpening() {
    Thread thread = new Thread();
    assertThatThrownBy(() -> builder(1).workerInitializer(() -> thread.interrupt()).open())
        .isInstanceOf(NotShareableException.class);
  }

  @Test
  void hangingInitializerIsInterruptedByShutdownNow() {
    Gate gate = gate();
    TaskExecutor executor =
        builder(1)
            .workerInitializer(
                () -> {
                  try {
                    gate.hold();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .open();
    try (executor) {
      TaskFuture<Integer> future = executor.submit(() -> 1);
      Waiting.await().until(() -> executor.stats().workersStarted() == 1);
      executor.shutdownNow();
      assertThat(catchThrowable(() -> Waiting.get(future))).isNotNull();
      assertThat(future.isCancelled()).isTrue();
    }
  }

  @Test
  void cancelInterruptsTheTaskAndNotTheNext() throws Exception {
    try (TaskExecutor executor = builder(1).open()) {
      for (int i = 0; i < 200; i++) {
        TaskFuture<?> cancelled =
            executor.submit(
                () -> {
                  Thread.sleep(60_000);
                  return null;
                });
        for (int spin = 0; spin < i * 50; spin++) {
          Thread.onSpinWait();
        }
        assertThat(cancelled.cancel(true)).isTrue();
        TaskFuture<Boolean> next = executor.submit(() -> Thread.currentThread().isInterrupted());
        assertThat(Waiting.get(next)).isFalse();
      }
      assertThat(executor.stats().cancelled()).isEqualTo(200);
    }
  }

  @Test
  void interruptOutsideATaskIsForNone() throws Exception {
    try (TaskExecutor executor = builder(1).open()) {
      for (int i = 0; i < 20; i++) {
        Waiting.get(
            executor.submit(
                () -> {
                  Thread worker = Thread.currentThread();
                  Thread late = new Thread(worker::interrupt, "late");
                  late.start();
                }));
        assertThat(Waiting.get(executor.submit(() -> 3))).isEqualTo(3);
      }
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
      Waiting.await()
          .until(
              () ->
                  Thread.getAllStackTraces().keySet().stream()
                      .noneMatch(thread -> thread.getName().equals("late")));
    }
  }

  @Test
  void callbackMayWaitForAnotherTask() throws Exception {
    try (TaskExecutor executor = builder(1).open()) {
      TaskFuture<Integer> first = executor.submit(() -> 1);
      CompletableFuture<Integer> sum =
          first
              .thenApply(one -> one + executor.submit(() -> 2).join())
              .thenApply(three -> three + executor.submit(() -> 3).join())
              .toCompletableFuture();
      assertThat(Waiting.get(sum)).isEqualTo(6);
    }
  }

  @Test
  void callbackMayWaitInWaysThatNobodySees() throws Exception {
    try (TaskExecutor executor = builder(1).open()) {
      Gate gate = gate();
      CountDownLatch released = new CountDownLatch(1);
      TaskFuture<?> first = executor.submit(() -> Jobs.hold(gate));
      CompletableFuture<String> waiting =
          first
              .thenApply(
                  none -> {
                    try {
                      released.await();
                      return "released";
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  })
              .toCompletableFuture();
      TaskFuture<Integer> second = executor.submit(() -> 2);
      second.thenRun(released::countDown);
      gate.open();
      assertThat(Waiting.get(waiting)).isEqualTo("released");
    }
  }

  @Test
  void callbackMaySubmitBeyondTheBoundAndMustNotClose() throws Exception {
    try (TaskExecutor executor = builder(1).queue(1, QueuePolicy.BLOCK).open()) {
      Gate gate = gate();
      AtomicReference<Throwable> refused = new AtomicReference<>();
      TaskFuture<?> first = executor.submit(() -> Jobs.hold(gate));
      CompletableFuture<List<TaskFuture<Integer>>> more =
          first
              .thenApply(
                  none -> {
                    refused.set(catchThrowable(executor::close));
                    return Stream.of(1, 2, 3, 4, 5).map(n -> executor.submit(() -> n)).toList();
                  })
              .toCompletableFuture();
      gate.open();
      assertThat(Waiting.<Integer>getAll(Waiting.get(more))).containsExactly(1, 2, 3, 4, 5);
      assertThat(refused.get()).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void manyTasksFromManyThreads() throws Exception {
    try (TaskExecutor executor = builder(3).open()) {
      List<CompletableFuture<Long>> submitters = new ArrayList<>();
      for (int s = 0; s < 4; s++) {
        submitters.add(
            CompletableFuture.supplyAsync(
                () -> {
                  List<TaskFuture<Integer>> futures = new ArrayList<>();
                  for (int i = 0; i < 5_000; i++) {
                    int number = i;
                    futures.add(executor.submit(() -> number));
                  }
                  return futures.stream().mapToLong(TaskFuture::join).sum();
                }));
      }
      for (CompletableFuture<Long> submitter : submitters) {
        assertThat(Waiting.get(submitter)).isEqualTo(4_999L * 5_000 / 2);
      }
      assertThat(executor.stats().completed()).isEqualTo(20_000);
    }
  }

  @Test
  void closingWhileStarting() {
    for (int i = 0; i < 30; i++) {
      TaskExecutor executor = builder(3).open();
      List<TaskFuture<Integer>> futures = new ArrayList<>();
      for (int n = 0; n < i % 5; n++) {
        futures.add(executor.submit(() -> 1));
      }
      if (i % 3 == 0) {
        futures.forEach(future -> future.cancel(true));
      } else if (i % 3 == 1) {
        executor.shutdownNow();
      }
      executor.close();
      assertThat(futures).allMatch(TaskFuture::isDone);
      assertThat(executor.isTerminated()).isTrue();
    }
  }

  @Test
  void wrongOptionsAreErrors() {
    assertThatThrownBy(() -> builder(1).set("subinterpreters.directory", "/does/not/exist").open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.subinterpreters.directory")
        .hasMessageContaining("existing directory");
    assertThatThrownBy(
            () -> builder(1).set("subinterpreters.shared-packages", List.of("a-b")).open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("shared-packages");
    assertThatThrownBy(() -> builder(1).set("subinterpreters.by-reference-above", "-1").open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("by-reference-above");
  }
}
