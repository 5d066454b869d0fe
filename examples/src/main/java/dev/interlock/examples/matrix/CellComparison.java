// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import dev.interlock.examples.tasks.CrashTasks;
import dev.interlock.examples.tasks.IncrementTasks;
import dev.interlock.examples.tasks.StartupTasks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the report's cells of one task set from what was measured, beside its baseline. */
final class CellComparison {
  private static final String INCREMENT = new IncrementTasks().name();
  private static final String CRASH = new CrashTasks().name();
  private static final String STARTUP = new StartupTasks().name();

  private final @Nullable RawCell baseline;

  /**
   * @param baseline the sequential cell; null if it has no figures
   */
  CellComparison(@Nullable RawCell baseline) {
    this.baseline = baseline;
  }

  /**
   * The cell of one strategy.
   *
   * @param failureExpected whether the strategy declares that it would fail here
   */
  Cell cell(String strategy, RawCell raw, boolean failureExpected) {
    if (raw.millis().isEmpty()) {
      boolean expected = raw.status() != CellStatus.FAILED || failureExpected;
      String reason = raw.reason() == null ? "no run was made." : raw.reason();
      return Cell.unmeasured(raw.tasks(), strategy, raw.status(), reason, expected);
    }
    Samples samples = new Samples(raw.millis());
    Boolean equal = resultsEqual(raw);
    String difference = Boolean.FALSE.equals(equal) ? difference(raw) : raw.reason();
    boolean wrong = Boolean.FALSE.equals(equal) && !raw.tasks().equals(INCREMENT);
    return new Cell(
        raw.tasks(),
        strategy,
        raw.workers(),
        wrong ? CellStatus.FAILED : raw.status(),
        difference,
        samples.count(),
        samples.median(),
        samples.percentile(95),
        speedup(raw, samples),
        raw.startupMillis(),
        raw.rssBytesPerWorker(),
        raw.encodedBytes(),
        equal,
        raw.lock(),
        samples,
        failureExpected);
  }

  private @Nullable Double speedup(RawCell raw, Samples samples) {
    boolean comparable = !raw.tasks().equals(CRASH) && !raw.tasks().equals(STARTUP);
    if (!comparable || baseline == null || baseline.millis().isEmpty() || samples.median() == 0) {
      return null;
    }
    return new Samples(baseline.millis()).median() / samples.median();
  }

  private @Nullable Boolean resultsEqual(RawCell raw) {
    if (baseline == null || baseline.outcomes().isEmpty() || raw.outcomes().isEmpty()) {
      return null;
    }
    return wrongRuns(raw) == 0;
  }

  private long wrongRuns(RawCell raw) {
    List<String> expected = baseline == null ? List.of() : baseline.outcomes();
    return raw.outcomes().stream().filter(outcome -> !outcome.equals(expected.get(0))).count();
  }

  private String difference(RawCell raw) {
    if (baseline == null) {
      return "there is no baseline.";
    }
    String wrong = wrongRuns(raw) + " of " + raw.outcomes().size() + " runs";
    if (raw.tasks().equals(INCREMENT)) {
      long right = Long.parseLong(baseline.outcomes().get(0));
      Samples lost =
          new Samples(
              raw.outcomes().stream()
                  .map(count -> (double) right - Long.parseLong(count))
                  .toList());
      return "lost "
          + Figures.count(Math.round(lost.median()))
          + " of "
          + Figures.count(right)
          + " updates ("
          + Figures.percent(lost.median() / right)
          + ") in the median run; "
          + wrong
          + " wrong.";
    }
    return baseline.outcomes().stream().distinct().count() > 1
        ? "the sequential runs differ among themselves; results must depend on the inputs alone."
        : "results differ from the sequential ones in " + wrong + ".";
  }
}
