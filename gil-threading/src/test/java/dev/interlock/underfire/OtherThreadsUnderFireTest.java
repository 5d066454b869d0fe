// SPDX-License-Identifier: Apache-2.0
package dev.interlock.underfire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks whose work goes on in threads that have no part in the lock, or in another lock's. */
@Tag("instrumented")
@Timeout(120)
class OtherThreadsUnderFireTest {
  private static final int TASKS = 8;

  private Arena arena;

  @BeforeEach
  void open() {
    arena = new Arena(TASKS, Duration.ofNanos(1));
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void parallelStreams() throws Exception {
    arena.run(
        TASKS,
        20,
        () -> {
          for (int i = 0; i < 20; i++) {
            long sum = IntStream.range(0, 2_000).parallel().mapToLong(n -> square(n)).sum();
            assertThat(sum).isEqualTo(2_664_667_000L);
            arena.update();
          }
        });
  }

  private static long square(int n) {
    return (long) n * n;
  }

  @Test
  void thePoolsOfTheJdk() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      arena.run(
          TASKS,
          50,
          () -> {
            for (int i = 0; i < 50; i++) {
              int n = i;
              assertThat(pool.submit(() -> square(n)).get()).isEqualTo((long) n * n);
              assertThat(CompletableFuture.supplyAsync(() -> square(n)).join()).isNotNegative();
              arena.update();
            }
          });
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void anExecutorUnderAnotherLock() throws Exception {
    try (TaskExecutor inner = Interlock.builder().strategy("gil-threading").workers(2).open()) {
      arena.run(
          TASKS,
          50,
          () -> {
            for (int i = 0; i < 50; i++) {
              int n = i;
              assertThat(inner.submit(() -> square(n)).get()).isEqualTo((long) n * n);
              arena.update();
            }
          });
    }
  }

  @Test
  void nestedTasksOfTheSameExecutor() throws Exception {
    arena.run(
        TASKS,
        50 * 2,
        () -> {
          for (int i = 0; i < 50; i++) {
            arena.executor.submit(arena::update).get();
            arena.update();
          }
        });
  }

  @Test
  void threadsThatATaskStartsAndJoins() throws Exception {
    arena.run(
        TASKS,
        10,
        () -> {
          for (int i = 0; i < 10; i++) {
            List<Long> got = new ArrayList<>();
            Thread thread = new Thread(() -> got.add(square(7)));
            thread.start();
            thread.join();
            assertThat(got).containsExactly(49L);
            arena.update();
          }
        });
  }
}
