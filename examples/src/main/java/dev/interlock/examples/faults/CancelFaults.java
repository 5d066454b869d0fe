// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.faults;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.spi.QueuePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Ten thousand cancellations at random moments. */
final class CancelFaults {
  private static final int TASKS = 20_000;

  private CancelFaults() {}

  static List<Fault> all() {
    return List.of(
        new Fault(
            "cancel",
            "random-cancels",
            "Each task ends; none that was not cancelled is interrupted or lost.",
            CancelFaults::randomCancels));
  }

  /** Every other task is cancelled, at some moment from its submit on. */
  private static FaultResult randomCancels() throws Exception {
    Random random = new Random(20_000);
    try (TaskExecutor executor =
        Interlock.builder()
            .strategy("process-pool")
            .workers(2)
            .queue(64, QueuePolicy.BLOCK)
            .open()) {
      List<TaskFuture<Integer>> kept = new ArrayList<>();
      List<TaskFuture<Integer>> cancelled = new ArrayList<>();
      List<TaskFuture<Integer>> waiting = new ArrayList<>();
      for (int i = 0; i < TASKS; i++) {
        int milliseconds = random.nextInt(100) == 0 ? 1 : 0;
        TaskFuture<Integer> future = executor.submit(() -> FaultTasks.doze(milliseconds));
        (i % 2 == 0 ? kept : waiting).add(future);
        while (waiting.size() > random.nextInt(32)) {
          TaskFuture<Integer> one = waiting.remove(random.nextInt(waiting.size()));
          (one.cancel(true) ? cancelled : kept).add(one);
        }
      }
      for (TaskFuture<Integer> one : waiting) {
        (one.cancel(true) ? cancelled : kept).add(one);
      }
      int lost = 0;
      for (TaskFuture<Integer> future : kept) {
        try {
          future.get(1, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
          lost++;
        }
      }
      boolean ended = cancelled.stream().allMatch(TaskFuture::isCancelled);
      long children = executor.stats().workersStarted();
      return new FaultResult(
          cancelled.size() + " cancelled, " + kept.size() + " results, " + lost + " lost",
          lost == 0 && ended && children == executor.workers(),
          children + " children were started for " + executor.workers() + " workers");
    }
  }
}
