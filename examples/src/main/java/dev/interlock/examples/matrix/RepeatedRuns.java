// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import dev.interlock.examples.TaskSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The usual measurement: warm up with slices of the set, then time whole runs. Outcomes are
 * digested between the runs, outside the time.
 */
final class RepeatedRuns<A, R> implements Bench.Measurement {
  private static final int SLICE_PER_WORKER = 4;

  private final TaskSet<A, R> set;

  RepeatedRuns(TaskSet<A, R> set) {
    this.set = set;
  }

  @Override
  public RawCell measure(Bench bench, IntConsumer progress) throws Exception {
    List<A> inputs = set.inputs(bench.setting());
    progress.accept(0);
    ResidentMemory.@Nullable Reading before = ResidentMemory.settled();
    Bench.Opened opened = bench.openTimed();
    try (Runner runner = opened.runner()) {
      warmUp(runner, inputs, bench.plan());
      long encodedBefore = runner.encodedBytes();
      @Nullable LockFigures lockBefore = runner.lock();
      List<Double> millis = new ArrayList<>();
      List<String> outcomes = new ArrayList<>();
      timeRuns(bench.plan(), progress, runner, inputs, millis, outcomes);
      long encoded = (runner.encodedBytes() - encodedBefore) / millis.size();
      return new RawCell(
          set.name(),
          CellStatus.OK,
          null,
          runner.workers(),
          millis,
          opened.startupMillis(),
          ResidentMemory.perWorkerSince(before, runner.workers()),
          encoded,
          outcomes,
          lockBefore == null ? null : Objects.requireNonNull(runner.lock()).since(lockBefore));
    }
  }

  private void warmUp(Runner runner, List<A> inputs, Plan plan) throws Exception {
    List<A> slice = inputs.subList(0, Math.min(inputs.size(), SLICE_PER_WORKER * runner.workers()));
    double limitMs = plan.warmUp().toMillis();
    long startNs = System.nanoTime();
    do {
      set.reset();
      runner.run(set, slice);
    } while (Bench.millisSince(startNs) < limitMs);
  }

  private void timeRuns(
      Plan plan,
      IntConsumer progress,
      Runner runner,
      List<A> inputs,
      List<Double> millis,
      List<String> outcomes)
      throws Exception {
    double limitMs = plan.measure().toMillis();
    double spentMs = 0;
    double longestMs = 0;
    while (millis.isEmpty()
        || (millis.size() < plan.mostRuns() && spentMs < limitMs)
        || (millis.size() < plan.fewestRuns() && longestMs < limitMs)) {
      progress.accept(millis.size() + 1);
      set.reset();
      long startNs = System.nanoTime();
      List<R> results = runner.run(set, inputs);
      double runMs = Bench.millisSince(startNs);
      outcomes.add(OutcomeDigest.of(set.outcome(results)));
      millis.add(runMs);
      spentMs += runMs;
      longestMs = Math.max(longestMs, runMs);
    }
  }
}
