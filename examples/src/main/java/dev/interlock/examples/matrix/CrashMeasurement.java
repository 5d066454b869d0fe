// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import dev.interlock.examples.tasks.CrashTasks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * Submits tasks of which one crashes its runtime, and counts the others' results. Where the runtime
 * is this JVM, nothing comes back from here, and the parent sees it end.
 */
final class CrashMeasurement implements Bench.Measurement {
  private final CrashTasks set = new CrashTasks();

  @Override
  public RawCell measure(Bench bench, IntConsumer progress) throws Exception {
    progress.accept(0);
    Bench.Opened opened = bench.openTimed();
    try (Runner runner = opened.runner()) {
      progress.accept(1);
      long encodedBefore = runner.encodedBytes();
      long startNs = System.nanoTime();
      List<String> failures = new ArrayList<>();
      int survivors = 0;
      for (Future<Long> future : runner.submitAll(set, set.inputs(bench.setting()))) {
        try {
          future.get();
          survivors++;
        } catch (ExecutionException e) {
          Throwable cause = e.getCause() == null ? e : e.getCause();
          failures.add(cause.getClass().getSimpleName());
        }
      }
      double millis = Bench.millisSince(startNs);
      boolean all = survivors == CrashTasks.OTHERS;
      return new RawCell(
          set.name(),
          all ? CellStatus.OK : CellStatus.FAILED,
          survived(survivors) + "; what failed: " + String.join(", ", failures) + ".",
          runner.workers(),
          List.of(millis),
          opened.startupMillis(),
          null,
          runner.encodedBytes() - encodedBefore,
          List.of(),
          null);
    }
  }

  static String survived(int survivors) {
    return survivors + " of " + CrashTasks.OTHERS + " others survive";
  }
}
