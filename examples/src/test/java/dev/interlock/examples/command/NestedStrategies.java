// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.gil.Gil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tasks under the interpreter lock that open an executor of each strategy and wait for it. */
public final class NestedStrategies {
  private static final int TASKS = 3;

  private static int sums;

  private NestedStrategies() {}

  private static int sum(int below) {
    int sum = 0;
    for (int i = 0; i < below; i++) {
      sum += i;
    }
    return sum;
  }

  private static void nest(String strategy) throws Exception {
    try (TaskExecutor inner = Interlock.builder().strategy(strategy).workers(2).open()) {
      List<TaskFuture<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int below = i;
        futures.add(inner.submit(() -> sum(below)));
      }
      for (TaskFuture<Integer> future : futures) {
        int sum = future.get(); // before sums is read: the lock may change hands in there
        sums += sum;
      }
    }
  }

  /** Prints each strategy and the sum of what its executors gave. */
  public static void main(String[] arguments) throws Exception {
    try (TaskExecutor outer = Interlock.builder().strategy("gil-threading").workers(TASKS).open()) {
      Gil.of(outer).setSwitchInterval(Duration.ofNanos(1));
      for (String strategy :
          List.of("gil-threading", "free-threaded", "subinterpreters", "process-pool")) {
        sums = 0;
        List<TaskFuture<?>> futures = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
          futures.add(
              outer.submit(
                  () -> {
                    nest(strategy);
                    return null;
                  }));
        }
        for (TaskFuture<?> future : futures) {
          future.get();
        }
        System.out.println(strategy + " " + sums);
      }
    }
  }
}
