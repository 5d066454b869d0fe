// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One task set on one strategy. Figures that were not measured are null.
 *
 * @param tasks the task set
 * @param strategy the strategy, or {@code sequential}
 * @param workers how many workers the strategy had
 * @param status how it ended
 * @param reason why it is not ok, or what there is to say about it
 * @param runs how many measured runs, after warm-up
 * @param medianMillis the median time of a run
 * @param p95Millis the 95th percentile
 * @param speedup the sequential median over this one
 * @param startupMillis from opening the executor to its first result
 * @param rssBytesPerWorker resident memory that came with the executor, per worker
 * @param encodedBytes bytes encoded to cross a boundary in one run, both ways
 * @param resultsEqual whether every run's outcome was that of the sequential one
 * @param lock what the interpreter lock did in the measured runs; only where there is one
 * @param samples the runs' times in milliseconds; not in reports
 * @param expected whether a failure is what the strategy declares; not in reports
 */
@JsonPropertyOrder({
  "tasks",
  "strategy",
  "workers",
  "status",
  "reason",
  "runs",
  "medianMillis",
  "p95Millis",
  "speedup",
  "startupMillis",
  "rssBytesPerWorker",
  "encodedBytes",
  "resultsEqual",
  "lock"
})
public record Cell(
    String tasks,
    String strategy,
    @Nullable Integer workers,
    CellStatus status,
    @Nullable String reason,
    int runs,
    @Nullable Double medianMillis,
    @Nullable Double p95Millis,
    @Nullable Double speedup,
    @Nullable Double startupMillis,
    @Nullable Long rssBytesPerWorker,
    @Nullable Long encodedBytes,
    @Nullable Boolean resultsEqual,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable LockFigures lock,
    @JsonIgnore Samples samples,
    @JsonIgnore boolean expected) {

  /** The name of the baseline: the same functions called one after the other, with no executor. */
  public static final String SEQUENTIAL = "sequential";

  /** A cell that was not measured. */
  static Cell unmeasured(
      String tasks, String strategy, CellStatus status, String reason, boolean expected) {
    return new Cell(
        tasks,
        strategy,
        null,
        status,
        reason,
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        new Samples(List.of()),
        expected);
  }

  @JsonIgnore
  boolean isBaseline() {
    return strategy.equals(SEQUENTIAL);
  }

  /** Measured, and with the right results. */
  @JsonIgnore
  boolean isRight() {
    return status == CellStatus.OK && !Boolean.FALSE.equals(resultsEqual);
  }
}
