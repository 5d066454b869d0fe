// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that a run found out.
 *
 * @param machine where and how it was measured
 * @param cells one per task set and strategy, the baseline included
 * @param skipped strategies that were not measured, and why
 * @param recommendations one per task set
 */
public record MatrixReport(
    Machine machine,
    List<Cell> cells,
    List<Skipped> skipped,
    List<Recommendation> recommendations) {

  /** Copies the lists. */
  public MatrixReport {
    cells = List.copyOf(cells);
    skipped = List.copyOf(skipped);
    recommendations = List.copyOf(recommendations);
  }

  /** Whether a cell failed that the strategy does not declare it would. */
  public boolean hasUnexpectedFailure() {
    return cells.stream().anyMatch(cell -> cell.status() == CellStatus.FAILED && !cell.expected());
  }

  List<String> taskSets() {
    return cells.stream().map(Cell::tasks).distinct().toList();
  }

  List<String> strategies() {
    return cells.stream().map(Cell::strategy).distinct().toList();
  }

  Stream<Cell> cellsOf(String tasks) {
    return cells.stream().filter(cell -> cell.tasks().equals(tasks));
  }
}
