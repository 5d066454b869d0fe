// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Blocking;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tasks that use up their stack, with checks and blocking calls on the whole way down: wherever the
 * overflow strikes, the lock is neither lost nor held twice, and nobody stays counted.
 */
class StackOverflowTest extends GilTestBase {
  private final ExclusiveSection section = new ExclusiveSection();

  @ParameterizedTest
  @ValueSource(strings = {"switch-interval", "responsive", "check-interval"})
  void anOverflowAnywhereLeavesTheLockInOrder(String policy) throws Exception {
    TaskExecutor executor =
        open(
            builder(policy)
                .workers(3)
                .set("gil-threading.switch-interval", "0")
                .set("gil-threading.check-interval", EvalBreaker.isInstrumented() ? 20 : 1));
    AtomicBoolean stop = new AtomicBoolean();
    TaskFuture<?> other =
        executor.submit(
            () -> {
              while (!stop.get()) {
                section.pass();
                Gil.checkpoint();
              }
            });
    for (int round = 0; round < 2; round++) {
      List<TaskFuture<?>> overflowing = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        int every = 1 + round * 10;
        overflowing.add(executor.submit(() -> overflow(every)));
      }
      for (TaskFuture<?> future : overflowing) {
        future.get();
      }
    }
    stop.set(true);
    other.get();
    assertThat(section.isBroken()).isFalse();
    Gil gil = Gil.of(executor);
    assertThat(executor.submit(gil::isHeldByCurrentThread).get()).isTrue();
    assertThat(executor.stats().workersLost()).isZero();
  }

  private void overflow(int every) {
    for (int i = 0; i < 3; i++) {
      int depth = 0;
      try {
        descend(depth, every);
      } catch (StackOverflowError e) {
        Gil.checkpoint(); // a stray takes the lock back here
      }
      section.pass();
    }
  }

  private int descend(int depth, int every) {
    if (depth == Integer.MAX_VALUE) {
      return 0;
    }
    Gil.checkpoint();
    section.pass();
    if (depth % every == 0) {
      Blocking.run(() -> {});
      section.pass();
      Gil.allowThreads(() -> {});
      section.pass();
    }
    try {
      return descend(depth + 1, every) + 1;
    } catch (StackOverflowError e) {
      Gil.checkpoint();
      section.pass();
      throw e;
    }
  }

  @Test
  void anOverflowInASubmitLeavesTheExecutorUsable() throws Exception {
    TaskExecutor executor = open(builder().workers(2));
    TaskFuture<Integer> outer =
        executor.submit(
            () -> {
              List<TaskFuture<Integer>> inner = new ArrayList<>();
              try {
                submitDown(executor, inner);
              } catch (StackOverflowError e) {
                inner.add(executor.submit(() -> 1));
              }
              int sum = 0;
              for (TaskFuture<Integer> future : inner) {
                sum += future.get();
              }
              return sum - inner.size();
            });
    assertThat(outer.get()).isZero();
  }

  private static void submitDown(TaskExecutor executor, List<TaskFuture<Integer>> inner) {
    if (inner.size() < 20_000) {
      inner.add(executor.submit(() -> 1));
    }
    if (!executor.isTerminated()) {
      submitDown(executor, inner);
    }
  }
}
