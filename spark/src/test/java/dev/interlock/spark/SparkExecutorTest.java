// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Interlock;
import dev.interlock.MapOptions;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.contract.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only this strategy has, on a cluster. */
@Timeout(120)
class SparkExecutorTest {
  private static final int LARGE = 1 << 20;

  @RegisterExtension static final OnCluster CLUSTER = new OnCluster();

  private static TaskExecutor executor;

  @BeforeAll
  static void open() {
    executor = Interlock.builder().strategy("spark").workers(2).open();
  }

  @AfterAll
  static void close() {
    if (executor != null) {
      executor.close(Waiting.limit());
    }
  }

  @Test
  void largeFunctionOfMapTravelsOnceAndNotWithEachChunk() {
    long[] table = new long[LARGE / Long.BYTES];
    for (int i = 0; i < table.length; i++) {
      table[i] = 3L * i;
    }
    long before = executor.stats().encodedBytes();
    List<Integer> items = IntStream.range(0, 40).boxed().toList();
    try (Stream<Long> results =
        executor.map(item -> table[item], items, MapOptions.defaults().withChunkSize(1))) {
      assertThat(results.toList()).isEqualTo(items.stream().map(item -> 3L * item).toList());
    }
    assertThat(executor.stats().encodedBytes() - before)
        .as("bytes in the tasks of forty chunks")
        .isLessThan(LARGE);
  }

  @Test
  void broadcastOfSparksOwnCanBeCaptured() throws Exception {
    Broadcast<int[]> table =
        new JavaSparkContext(SparkContext.getOrCreate()).broadcast(new int[] {5, 6, 7});
    assertThat(Waiting.get(executor.submit(() -> table.value()[2]))).isEqualTo(7);
    table.destroy();
  }

  @Test
  void tasksThatTravelTogetherKeepTheirOutcomes() throws Exception {
    try (TaskExecutor tens =
        Interlock.builder()
            .strategy("spark")
            .workers(2)
            .set("spark.tasks-per-partition", 10)
            .open()) {
      List<TaskFuture<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        futures.add(
            tens.submit(
                () -> {
                  if (number % 7 == 3) {
                    throw new IllegalArgumentException("number " + number);
                  }
                  return number;
                }));
      }
      for (int i = 0; i < 200; i++) {
        if (i % 7 == 3) {
          assertThat(Waiting.failureOf(futures.get(i))).hasMessage("number " + i);
        } else {
          assertThat(Waiting.get(futures.get(i))).isEqualTo(i);
        }
      }
    }
  }

  @Test
  void taskThatOpensTheStrategyItselfHasItsTasksRunInPlace() throws Exception {
    TaskFuture<List<Object>> nested =
        executor.submit(
            () -> {
              Thread outer = Thread.currentThread();
              try (TaskExecutor inner = Interlock.builder().strategy("spark").open()) {
                int sum = 0;
                try (Stream<Integer> squares = inner.map(n -> n * n, List.of(1, 2, 3))) {
                  sum = squares.mapToInt(Integer::intValue).sum();
                }
                String name = inner.submit(() -> Thread.currentThread().getName()).get();
                return List.of(sum, name.equals(outer.getName()), inner.workers());
              }
            });
    assertThat(Waiting.get(nested)).isEqualTo(List.of(14, true, 1));
  }
}
