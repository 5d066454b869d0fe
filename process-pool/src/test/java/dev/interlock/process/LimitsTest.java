// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.awaitFile;
import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.interlock.ConfigurationException;
import dev.interlock.MapOptions;
import dev.interlock.Task;
import dev.interlock.TaskContext;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskOptions;
import dev.interlock.TaskTimeoutException;
import dev.interlock.TaskTimeoutException.Kind;
import dev.interlock.WorkerCrashedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks that are stopped because of what they do: by their limits, or by a cancel. */
@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LimitsTest {
  private static final Duration LIMIT = Duration.ofMillis(300);
  private static final TaskOptions HARD = TaskOptions.defaults().withHardTimeout(LIMIT);

  @TempDir Path directory;

  /** What ignores an interrupt. */
  enum Endless {
    LOOP,
    INFINITE_REGEX,
    DEADLOCK;

    int run() throws Exception {
      switch (this) {
        case LOOP -> {
          int turns = 0;
          while (turns >= 0) {
            turns = (turns + 1) & 0xffff;
          }
          return turns;
        }
        case INFINITE_REGEX -> {
          return Pattern.matches("(a*)*(a*)*(a*)*b", "a".repeat(200)) ? 1 : 0;
        }
        case DEADLOCK -> {
          Object one = new Object();
          Object two = new Object();
          CountDownLatch both = new CountDownLatch(2);
          Thread other =
              new Thread(
                  () -> {
                    synchronized (two) {
                      both.countDown();
                      awaitBoth(both);
                      synchronized (one) {
                        both.countDown();
                      }
                    }
                  });
          other.start();
          synchronized (one) {
            both.countDown();
            awaitBoth(both);
            synchronized (two) {
              return 2;
            }
          }
        }
      }
      throw new AssertionError(this);
    }

    private static void awaitBoth(CountDownLatch both) {
      try {
        both.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static TaskTimeoutException timeoutOf(TaskFuture<?> future) {
    ExecutionException failure =
        catchThrowableOfType(ExecutionException.class, () -> future.get(60, TimeUnit.SECONDS));
    assertThat(failure).cause().isInstanceOf(TaskTimeoutException.class);
    return (TaskTimeoutException) failure.getCause();
  }

  @ParameterizedTest
  @EnumSource
  void whatIgnoresInterruptsIsGoneAfterItsHardTimeout(Endless endless) throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
      List<ProcessHandle> children = NothingLeft.children();
      long beganNs = System.nanoTime();
      TaskFuture<Integer> task = executor.submit(() -> endless.run(), HARD);
      TaskTimeoutException timeout = timeoutOf(task);
      assertThat(timeout.kind()).isEqualTo(Kind.HARD);
      assertThat(timeout.limit()).isEqualTo(LIMIT);
      assertThat(timeout.what()).contains(LimitsTest.class.getName());
      await().until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
      assertThat(Duration.ofNanos(System.nanoTime() - beganNs)).isLessThan(LIMIT.plusSeconds(10));
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
      assertThat(executor.stats().workersStarted()).isEqualTo(2);
      assertThat(executor.stats().workersLost()).as("deaths that nobody meant").isZero();
    }
  }

  @Test
  void whatSleepsInNativeCodeIsGoneAfterItsHardTimeout() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    String name = pipe.toString();
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<Integer> task =
          executor.submit(() -> Files.readAllBytes(Path.of(name)).length, HARD);
      assertThat(timeoutOf(task).kind()).isEqualTo(Kind.HARD);
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
    }
  }

  @Test
  void onlyTheChildOfTheLateTaskIsKilled() throws Exception {
    String gate = directory.resolve("gate").toString();
    try (TaskExecutor executor = pool(3).open()) {
      List<TaskFuture<Long>> good = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        good.add(
            executor.submit(
                () -> {
                  awaitFile(gate);
                  return ProcessHandle.current().pid();
                }));
      }
      TaskFuture<Integer> late = executor.submit(() -> Endless.LOOP.run(), HARD);
      assertThat(timeoutOf(late).kind()).isEqualTo(Kind.HARD);
      assertThat(good).noneMatch(TaskFuture::isDone);
      Files.createFile(Path.of(gate));
      assertThat(good.get(0).get()).isNotEqualTo(good.get(1).get());
    }
  }

  @Test
  void afterASoftTimeoutTheChildStays() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<?> late =
          executor.submit(
              () -> {
                TaskContext.current().progress("half way");
                new CountDownLatch(1).await();
                return null;
              },
              TaskOptions.defaults().withSoftTimeout(Duration.ofSeconds(2)));
      TaskTimeoutException timeout = timeoutOf(late);
      assertThat(timeout.kind()).isEqualTo(Kind.SOFT);
      assertThat(timeout.lastProgress()).isEqualTo("half way");
      assertThat(executor.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
      assertThat(executor.stats().failed()).isEqualTo(1);
    }
  }

  @Test
  void whoIgnoresTheSoftTimeoutIsKilledAfterTheGrace() throws Exception {
    try (TaskExecutor executor = pool(1).set("process-pool.kill-after", "200ms").open()) {
      TaskFuture<Integer> late =
          executor.submit(() -> Endless.LOOP.run(), TaskOptions.defaults().withSoftTimeout(LIMIT));
      assertThat(timeoutOf(late).kind()).isEqualTo(Kind.SOFT);
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
      assertThat(executor.stats().workersStarted()).isEqualTo(2);
    }
  }

  @Test
  void whoIgnoresTheSoftTimeoutIsStoppedAtTheHardOne() throws Exception {
    try (TaskExecutor executor = pool(1).set("process-pool.kill-after", "off").open()) {
      TaskFuture<Integer> late =
          executor.submit(() -> Endless.LOOP.run(), HARD.withSoftTimeout(LIMIT.dividedBy(3)));
      assertThat(timeoutOf(late).kind()).isEqualTo(Kind.SOFT);
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
      assertThat(executor.stats().workersStarted()).isEqualTo(2);
    }
  }

  @Test
  void whoIgnoresACancelIsKilledAfterTheGrace() throws Exception {
    String started = directory.resolve("started").toString();
    try (TaskExecutor executor = pool(1).set("process-pool.kill-after", "0").open()) {
      TaskFuture<Integer> task =
          executor.submit(
              () -> {
                Files.createFile(Path.of(started));
                return Endless.LOOP.run();
              });
      awaitFile(started);
      assertThat(task.cancel(true)).isTrue();
      assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
    }
  }

  @Test
  void withoutAGraceACancelledTaskGoesOn() throws Exception {
    String started = directory.resolve("started").toString();
    String gate = directory.resolve("gate").toString();
    try (TaskExecutor executor = pool(1).set("process-pool.kill-after", "off").open()) {
      TaskFuture<Integer> task =
          executor.submit(
              () -> {
                Files.createFile(Path.of(started));
                while (!Files.exists(Path.of(gate))) {
                  Thread.onSpinWait();
                }
                return 1;
              });
      awaitFile(started);
      assertThat(task.cancel(true)).isTrue();
      Files.createFile(Path.of(gate));
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }

  @Test
  void silenceIsKilledAndProgressIsNot() throws Exception {
    TaskOptions options = TaskOptions.defaults().withProgressTimeout(Duration.ofSeconds(3));
    try (TaskExecutor executor = pool(2).open()) {
      TaskFuture<Integer> talks =
          executor.submit(
              () -> {
                for (int page = 0; page < 60; page++) {
                  TaskContext.current().progress("page " + page);
                  Thread.sleep(70);
                }
                return 60;
              },
              options);
      TaskFuture<Integer> silent =
          executor.submit(
              () -> {
                TaskContext.current().progress("page 17");
                return Endless.LOOP.run();
              },
              options);
      TaskTimeoutException timeout = timeoutOf(silent);
      assertThat(timeout.kind()).isEqualTo(Kind.PROGRESS);
      assertThat(timeout.lastProgress()).isEqualTo("page 17");
      assertThat(talks.get()).isEqualTo(60);
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
    }
  }

  @Test
  void progressOfAnotherThreadCountsAndAFloodOfItIsHarmless() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<Integer> task =
          executor.submit(
              () -> {
                TaskContext context = TaskContext.current();
                Thread helper =
                    new Thread(
                        () -> {
                          for (int i = 0; i < 2_000_000; i++) {
                            context.progress("step " + i);
                          }
                        });
                helper.start();
                for (int i = 0; i < 2_000_000; i++) {
                  context.progress("x".repeat(300));
                }
                helper.join();
                return 1;
              },
              TaskOptions.defaults().withProgressTimeout(Duration.ofSeconds(20)));
      assertThat(task.get()).isEqualTo(1);
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }

  @Test
  void totalTimeEndsWhatRunsByForce() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<Integer> late =
          executor.submit(() -> Endless.LOOP.run(), TaskOptions.defaults().withTotalTimeout(LIMIT));
      TaskFuture<Integer> next = executor.submit(() -> 2);
      assertThat(timeoutOf(late).kind()).isEqualTo(Kind.TOTAL);
      assertThat(next.get()).isEqualTo(2);
      TaskFuture<Integer> other = executor.submit(() -> Endless.DEADLOCK.run(), HARD);
      TaskFuture<Integer> waits =
          executor.submit(() -> 3, TaskOptions.defaults().withTotalTimeout(LIMIT.dividedBy(3)));
      assertThat(timeoutOf(waits).kind()).isEqualTo(Kind.TOTAL);
      assertThat(other.isDone()).isFalse();
      assertThat(timeoutOf(other).kind()).isEqualTo(Kind.HARD);
    }
  }

  @Test
  void totalTimeHoldsForTheWaitForAPlaceInTheQueue() throws Exception {
    String gate = directory.resolve("gate").toString();
    try (TaskExecutor executor = pool(1).set("queue.capacity", 1).open()) {
      TaskFuture<Integer> runs =
          executor.submit(
              () -> {
                awaitFile(gate);
                return 1;
              });
      TaskFuture<Integer> waits = executor.submit(() -> 2);
      List<TaskFuture<Integer>> late = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        late.add(executor.submit(() -> 3, TaskOptions.defaults().withTotalTimeout(LIMIT)));
      }
      assertThat(timeoutOf(late.get(2)).kind()).isEqualTo(Kind.TOTAL);
      Files.createFile(Path.of(gate));
      assertThat(runs.get()).isEqualTo(1);
      assertThat(waits.get()).isEqualTo(2);
      assertThat(executor.submit(() -> 4).get()).isEqualTo(4);
    }
  }

  @Test
  void aChunkOfAMapHasTheLimitOfItsItemsTogether() throws Exception {
    try (TaskExecutor executor = pool(1).set("task.hard-timeout", "1s").open()) {
      List<Integer> items = IntStream.range(0, 8).boxed().toList();
      try (Stream<Integer> results =
          executor.map(
              n -> {
                Thread.sleep(300);
                return n;
              },
              items,
              MapOptions.defaults().withChunkSize(8))) {
        assertThat(results).isEqualTo(items);
      }
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }

  @Test
  void randomKillsCancelsAndTimeoutsHitNoOtherTask() throws Exception {
    int tasks = 600;
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (TaskExecutor executor = pool(2).set("process-pool.kill-after", "20ms").open()) {
      List<TaskFuture<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < tasks; i++) {
        int number = i;
        int kind = random.nextInt(40);
        Task<Integer> stubborn = () -> Endless.LOOP.run();
        if (kind == 0) {
          futures.add(executor.submit(stubborn, HARD.withHardTimeout(Duration.ofMillis(5))));
        } else if (kind == 1) {
          TaskFuture<Integer> cancelled = executor.submit(stubborn);
          futures.add(cancelled);
          assertThat(cancelled.cancel(true)).isTrue();
        } else if (kind == 2) {
          futures.add(
              executor.submit(
                  stubborn, TaskOptions.defaults().withSoftTimeout(Duration.ofMillis(3))));
        } else {
          futures.add(executor.submit(() -> nap(number)));
        }
      }
      for (int i = 0; i < tasks; i++) {
        try {
          assertThat(futures.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(i);
        } catch (CancellationException e) {
          assertThat(futures.get(i).isCancelled()).isTrue();
        } catch (ExecutionException e) {
          assertThat(e.getCause())
              .as("of task %d, with seed %d", i, seed)
              .isInstanceOf(TaskTimeoutException.class);
        }
      }
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
      assertThat(executor.stats().workersLost()).as("with seed %d", seed).isZero();
    }
  }

  private static int nap(int number) throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    lock.lockInterruptibly();
    lock.unlock();
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException("meant for another task");
    }
    return number;
  }

  @Test
  void whatFailsAtItsLimitIsNotTriedAgain() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      String starts = directory.resolve("starts").toString();
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1); // the child is warm
      TaskOptions options =
          TaskOptions.defaults().withHardTimeout(Duration.ofSeconds(2)).withMaxAttempts(3);
      TaskFuture<Integer> late =
          executor.submit(
              () -> {
                Files.createFile(Path.of(starts + TaskContext.current().attempt()));
                return Endless.LOOP.run();
              },
              options);
      assertThat(timeoutOf(late).kind()).isEqualTo(Kind.HARD);
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
      assertThat(Path.of(starts + 1)).exists();
      assertThat(Path.of(starts + 2)).doesNotExist();
    }
  }

  @Test
  void badGraceNamesKeyValueAndRange() {
    assertThatThrownBy(() -> pool(1).set("process-pool.kill-after", "-1s").open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.process-pool.kill-after is '-1s'")
        .hasMessageContaining("'off', or a duration from 0 to 3600s");
    assertThatThrownBy(() -> pool(1).set("task.hard-timeout", "0s").open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.task.hard-timeout is '0s'");
  }

  @Test
  void aKillFromOutsideIsNoTimeout() throws Exception {
    String started = directory.resolve("started").toString();
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<Integer> task =
          executor.submit(
              () -> {
                Files.createFile(Path.of(started));
                return Endless.LOOP.run();
              },
              TaskOptions.defaults().withHardTimeout(Duration.ofMinutes(5)));
      awaitFile(started);
      NothingLeft.children().forEach(ProcessHandle::destroyForcibly);
      assertThatThrownBy(task::get).hasCauseInstanceOf(WorkerCrashedException.class);
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
    }
  }
}
