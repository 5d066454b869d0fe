// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.interlock.Interlock;
import dev.interlock.Task;
import dev.interlock.TaskContext;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskOptions;
import dev.interlock.TaskTimeoutException;
import dev.interlock.TaskTimeoutException.Kind;
import java.io.Serializable;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Limits count from a task's first instruction. A child that is stopped by SIGSTOP for a while is
 * one that does not get a processor on a busy machine.
 */
@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BeginOfLimitsTest {
  /** Of tasks that never end. */
  private static final Duration LIMIT = Duration.ofMillis(400);

  /** Of tasks that keep it, on a busy machine too, once they have begun. */
  private static final Duration AMPLE = Duration.ofMillis(1_200);

  private static final Duration MORE_THAN_AMPLE = Duration.ofMillis(1_600);

  @TempDir Path directory;

  /** How tasks reach the child. */
  enum Way {
    SOCKET,
    RING;

    TaskExecutor open(Interlock.Builder builder) throws Exception {
      if (this == RING) {
        return TransportTest.warm(builder, 1);
      }
      TaskExecutor executor = builder.set("process-pool.fast-path", "off").open();
      for (int i = 0; i < 2; i++) { // the first task may come by stdin
        assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
      }
      return executor;
    }
  }

  /** One limit, and nothing else. */
  enum Limit {
    SOFT,
    HARD,
    PROGRESS;

    TaskOptions of(Duration time) {
      TaskOptions none = TaskOptions.defaults();
      return switch (this) {
        case SOFT -> none.withSoftTimeout(time);
        case HARD -> none.withHardTimeout(time);
        case PROGRESS -> none.withProgressTimeout(time);
      };
    }
  }

  static Stream<Arguments> waysAndLimits() {
    return Stream.of(Way.values())
        .flatMap(way -> Stream.of(Limit.values()).map(limit -> Arguments.of(way, limit)));
  }

  private static ProcessHandle onlyChild() {
    List<ProcessHandle> children = NothingLeft.children();
    assertThat(children).hasSize(1);
    return children.get(0);
  }

  private static void letPass(Duration time) {
    await().pollDelay(time).timeout(time.plusSeconds(60)).until(() -> true);
  }

  @ParameterizedTest
  @MethodSource("waysAndLimits")
  void aTaskIsNotLateBeforeItHasBegun(Way way, Limit limit) throws Exception {
    try (TaskExecutor executor = way.open(pool(1))) {
      ProcessHandle child = onlyChild();
      Signals.stop(child);
      TaskFuture<Integer> task = executor.submit(() -> 7, limit.of(AMPLE));
      letPass(MORE_THAN_AMPLE);
      assertThat(task.isDone()).isFalse();
      Signals.resume(child);
      assertThat(task.get()).isEqualTo(7);
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("waysAndLimits")
  void onceItHasBegunItsLimitHolds(Way way, Limit limit) throws Exception {
    String begun = directory.resolve("begun").toString();
    try (TaskExecutor executor = way.open(pool(1))) {
      ProcessHandle child = onlyChild();
      Signals.stop(child);
      TaskFuture<Integer> task =
          executor.submit(
              () -> {
                Files.createFile(Path.of(begun));
                new CountDownLatch(1).await();
                return 0;
              },
              limit.of(LIMIT));
      letPass(LIMIT.multipliedBy(2));
      assertThat(task.isDone()).isFalse();
      Signals.resume(child);
      assertThatThrownBy(() -> task.get(60, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              TaskTimeoutException.class,
              late -> assertThat(late.kind()).isEqualTo(Kind.valueOf(limit.name())));
      assertThat(Path.of(begun)).exists();
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
    }
  }

  @Test
  void manyTasksWithALimitKeepItThoughTheyWaitForEachOther() throws Exception {
    TaskOptions options = TaskOptions.defaults().withHardTimeout(AMPLE);
    try (TaskExecutor executor = Way.RING.open(pool(1).set("process-pool.prefetch", "64"))) {
      ProcessHandle child = onlyChild();
      Signals.stop(child);
      List<TaskFuture<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int n = i;
        all.add(
            executor.submit(
                () -> {
                  Thread.sleep(5);
                  return n;
                },
                options));
      }
      letPass(MORE_THAN_AMPLE);
      Signals.resume(child);
      for (int i = 0; i < all.size(); i++) {
        assertThat(all.get(i).get()).isEqualTo(i);
      }
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChildThatBeginsNothingIsKilledInTheEnd(Way way) throws Exception {
    Interlock.Builder builder = pool(1).set("process-pool.start-timeout", "4s");
    try (TaskExecutor executor = way.open(builder)) {
      Signals.stop(onlyChild());
      TaskFuture<Integer> task =
          executor.submit(
              () -> TaskContext.current().attempt(), TaskOptions.defaults().withHardTimeout(LIMIT));
      if (way == Way.RING) { // it is known not to have begun, so it runs elsewhere
        assertThat(task.get()).isEqualTo(1);
      } else {
        assertThatThrownBy(task::get).hasCauseInstanceOf(TaskTimeoutException.class);
      }
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
      assertThat(executor.stats().workersStarted()).isEqualTo(2);
    }
  }

  /** Hangs while it is decoded: no instruction of its task ever runs. */
  private static final class Trap implements Serializable {
    private static final long serialVersionUID = 1;
    private final boolean set;

    Trap(boolean set) {
      this.set = set;
    }

    private Object readResolve() throws InterruptedException {
      new CountDownLatch(1).await();
      return this;
    }
  }

  @Test
  void aTaskThatHangsBeforeItsFirstInstructionIsKilledInTheEnd() throws Exception {
    Trap trap = new Trap(true);
    try (TaskExecutor executor = Way.SOCKET.open(pool(1).set("process-pool.start-timeout", "4s"))) {
      Task<Boolean> task = () -> trap.set;
      TaskFuture<Boolean> future =
          executor.submit(task, TaskOptions.defaults().withHardTimeout(LIMIT));
      assertThatThrownBy(future::get).hasCauseInstanceOf(TaskTimeoutException.class);
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
    }
  }

  @Test
  void aLimitHoldsWhileACallbackKeepsTheParentFromReading() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch inCallback = new CountDownLatch(1);
    String gate = directory.resolve("gate").toString();
    try (TaskExecutor executor = Way.SOCKET.open(pool(1))) {
      TaskFuture<Integer> first =
          executor.submit(
              () -> {
                ProcessPoolTest.awaitFile(gate);
                return 1;
              });
      TaskFuture<Integer> late =
          executor.submit(
              () -> {
                new CountDownLatch(1).await();
                return 0;
              },
              TaskOptions.defaults().withHardTimeout(LIMIT));
      first.whenComplete(
          (value, failure) -> {
            inCallback.countDown();
            Uninterruptibles.awaitUninterruptibly(over);
          });
      Files.createFile(Path.of(gate));
      inCallback.await();
      assertThatThrownBy(() -> late.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(TaskTimeoutException.class);
      over.countDown();
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
    }
  }

  @Test
  void deliveriesKeepTheirPartsApart() {
    for (boolean announced : new boolean[] {false, true}) {
      for (int sending = 0; sending < 300; sending += 13) {
        long delivery = Delivery.of(123_456_789L, 77, announced, sending);
        assertThat(Delivery.taskId(delivery)).isEqualTo(123_456_789L);
        assertThat(Delivery.attempt(delivery)).isEqualTo(77);
        assertThat(Delivery.isAnnounced(delivery)).isEqualTo(announced);
      }
    }
    assertThat(Delivery.of(1, 1, true, 1)).isNotEqualTo(Delivery.of(1, 1, true, 2));
  }
}
