// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Cells as a run could have given them. */
final class Recorded {
  private Recorded() {}

  /** A cell with runs around {@code millis}. */
  static RawCell raw(String tasks, double millis, long encoded, String... outcomes) {
    return new RawCell(
        tasks,
        CellStatus.OK,
        null,
        2,
        Stream.of(0.98, 0.99, 1.0, 1.01, 1.02).map(factor -> factor * millis).toList(),
        3.5,
        31_000_000L,
        encoded,
        List.of(outcomes),
        null);
  }

  /** What a lock with two threads could have done. */
  static LockFigures lock() {
    LockFigures one =
        new LockFigures(
            "gil-threading-1-worker-1", 600_123, 60_012, 60_010, 3, 1, 123.4, 5, List.of());
    LockFigures ended = new LockFigures("(ended)", 7, 0, 0, 0, 0, 0.5, 0, List.of());
    return new LockFigures(null, 600_130, 60_012, 60_010, 3, 1, 123.9, 5, List.of(one, ended));
  }

  static List<Cell> cells(RawCell baseline, Map<String, RawCell> others) {
    CellComparison comparison = new CellComparison(baseline);
    return Stream.concat(
            Stream.of(comparison.cell(Cell.SEQUENTIAL, baseline, false)),
            others.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(other -> comparison.cell(other.getKey(), other.getValue(), false)))
        .toList();
  }

  static Machine machine() {
    return new Machine(
        "A processor with a rather long model name that goes on and on @ 2.00GHz",
        2,
        8L << 30,
        "Linux 6.1 amd64",
        "17.0.15+6, Vendor",
        List.of("--add-opens=java.base/java.lang.reflect=ALL-UNNAMED", "--add-exports=x=y"),
        Map.of("input", "/a/rather/long/path/to/some/directory/with/input/for/the/set/files"),
        Map.of("all", "less"));
  }
}
