// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens an executor, takes a first result and closes it, again and again: a run lasts from open to
 * that result. The memory per worker is that of the first executor, idle, with all workers up.
 */
final class StartupMeasurement implements Bench.Measurement {
  private static final long WORKERS_UP_LIMIT_NS = TimeUnit.SECONDS.toNanos(3);
  private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(5);

  private final String name;

  StartupMeasurement(String name) {
    this.name = name;
  }

  @Override
  public RawCell measure(Bench bench, IntConsumer progress) throws Exception {
    progress.accept(0);
    ResidentMemory.@Nullable Reading before = ResidentMemory.settled();
    Bench.Opened cold = bench.openTimed();
    int workers;
    @Nullable Long perWorker;
    try (Runner runner = cold.runner()) {
      workers = runner.workers();
      awaitWorkers(runner);
      perWorker = ResidentMemory.perWorkerSince(before, workers);
    }
    List<Double> millis = new ArrayList<>();
    double limitMs = bench.plan().measure().toMillis();
    double spentMs = 0;
    while (millis.size() < bench.plan().fewestRuns()
        || (millis.size() < bench.plan().mostRuns() && spentMs < limitMs)) {
      progress.accept(millis.size() + 1);
      long startNs = System.nanoTime();
      Bench.Opened opened = bench.openTimed();
      opened.runner().close();
      millis.add(opened.startupMillis());
      spentMs += Bench.millisSince(startNs);
    }
    return new RawCell(
        name,
        CellStatus.OK,
        null,
        workers,
        millis,
        cold.startupMillis(),
        perWorker,
        null,
        List.of(),
        null);
  }

  private static void awaitWorkers(Runner runner) {
    long startNs = System.nanoTime();
    while (runner.workersAlive() < runner.workers()
        && System.nanoTime() - startNs < WORKERS_UP_LIMIT_NS) {
      LockSupport.parkNanos(POLL_NS);
    }
  }
}
