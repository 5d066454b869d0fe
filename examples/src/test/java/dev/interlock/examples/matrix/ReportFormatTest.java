// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import static dev.interlock.examples.matrix.Recorded.cells;
import static dev.interlock.examples.matrix.Recorded.raw;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportFormatTest {
  private static final List<String> STRATEGIES =
      List.of(
          "free-threaded",
          "gil-threading",
          "process-pool",
          "subinterpreters",
          "a-strategy-with-a-very-long-name-of-its-own",
          "another");

  @Test
  void textFitsEightyColumns() {
    assertThat(ReportFormat.text.write(report()).lines())
        .isNotEmpty()
        .allMatch(line -> line.length() <= 80);
  }

  @Test
  void textShowsTheMatrixAndTheAdvice() {
    String text = ReportFormat.text.write(report());
    assertThat(text).contains("subinterpreters", "12.35 s", "unsupported", "RECOMMENDATIONS");
    assertThat(text).containsPattern("crunch +100 ms +20\\.0 ms");
  }

  @Test
  void textShowsWhatALockDid() {
    RawCell raw = raw("crunch", 20, 0, "1");
    RawCell locked =
        new RawCell(
            raw.tasks(),
            raw.status(),
            raw.reason(),
            raw.workers(),
            raw.millis(),
            raw.startupMillis(),
            raw.rssBytesPerWorker(),
            raw.encodedBytes(),
            raw.outcomes(),
            Recorded.lock());
    List<Cell> cells = cells(raw("crunch", 100, 0, "1"), Map.of("gil-threading", locked));
    String text = ReportFormat.text.write(report(cells));
    assertThat(text)
        .contains("\nINTERPRETER LOCK\n")
        .containsPattern("\ncrunch +600,130 +60,012 +60,010 +3 +1 +124 ms +5.00 ms\n")
        .containsPattern("\n  \\.\\.g-1-worker-1 +600,123 ")
        .containsPattern("\n  \\(ended\\) +7 ");
    assertThat(text.lines()).allMatch(line -> line.length() <= 80);
    List<Cell> together =
        cells(raw("crunch", 100, 0, "1"), Map.of("gil-threading", locked.withLockTogether()));
    assertThat(ReportFormat.text.write(report(together)))
        .contains("600,130")
        .doesNotContain("worker-1");
  }

  @Test
  void theFiguresOfALockAreThoseSinceTheMeasuringBegan() {
    LockFigures lock = Recorded.lock();
    LockFigures none = lock.since(lock);
    assertThat(none.handOffs()).isZero();
    assertThat(none.heldMillis()).isZero();
    assertThat(none.threads()).hasSize(2).allMatch(thread -> thread.dropRequests() == 0);
    LockFigures before = new LockFigures(null, 130, 12, 10, 1, 0, 23.9, 1, List.of());
    LockFigures since = lock.since(before);
    assertThat(since.handOffs()).isEqualTo(600_000);
    assertThat(since.forcedDrops()).isEqualTo(60_000);
    assertThat(since.threads()).isEqualTo(lock.threads());
  }

  @Test
  void aThreadThatHasEndedMeanwhileCountsOnce() {
    LockFigures one = new LockFigures("one", 10, 0, 0, 0, 0, 5, 0, List.of());
    LockFigures before = new LockFigures(null, 10, 0, 0, 0, 0, 5, 0, List.of(one));
    LockFigures ended = new LockFigures("(ended)", 13, 0, 0, 0, 0, 6, 0, List.of());
    LockFigures after = new LockFigures(null, 13, 0, 0, 0, 0, 6, 0, List.of(ended));
    assertThat(after.since(before).threads().get(0).handOffs()).isEqualTo(3);
    assertThat(after.since(before).handOffs()).isEqualTo(3);
  }

  @Test
  void jsonHasTheDocumentedFields() throws Exception {
    JsonNode json = new ObjectMapper().readTree(ReportFormat.json.write(report()));
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly("machine", "cells", "skipped", "recommendations");
    assertThat(json.get("cells").get(1).fieldNames())
        .toIterable()
        .containsExactly(
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
            "resultsEqual");
    assertThat(json.get("cells").get(1).get("status").asText()).isEqualTo("ok");
    assertThat(json.get("cells").get(1).get("speedup").asDouble()).isEqualTo(5.0);
    assertThat(json.get("recommendations").get(0).fieldNames())
        .toIterable()
        .containsExactly("tasks", "strategy", "confidence", "reasons");
  }

  @Test
  void csvHasARowPerCellAndQuotesWhatNeedsIt() {
    MatrixReport report = report();
    List<String> rows = ReportFormat.csv.write(report).lines().toList();
    assertThat(rows).hasSize(1 + report.cells().size() + report.skipped().size());
    assertThat(rows.get(0)).startsWith("tasks,strategy,workers,status,reason,runs,medianMillis");
    assertThat(rows).anyMatch(row -> row.contains("\"no, \"\"not\"\" here\""));
  }

  @Test
  void whatWasSkippedIsInEveryFormatWithTheRemedy() throws Exception {
    String remedy = "not on the class path; '--strategies spark' measures it.";
    MatrixReport report = report();
    assertThat(ReportFormat.text.write(report).lines()).contains("Skipped: spark, " + remedy);
    assertThat(ReportFormat.markdown.write(report)).contains("\n- Skipped: spark, " + remedy);
    assertThat(ReportFormat.csv.write(report).lines())
        .contains(",spark,,skipped," + remedy + ",0,,,,,,,");
    JsonNode skipped = new ObjectMapper().readTree(ReportFormat.json.write(report)).get("skipped");
    assertThat(skipped).hasSize(1);
    assertThat(skipped.get(0).get("strategy").asText()).isEqualTo("spark");
    assertThat(skipped.get(0).get("reason").asText()).isEqualTo(remedy);
  }

  @Test
  void oneReasonOfManyCellsIsGivenOnce() {
    List<Cell> cells = new ArrayList<>();
    for (String tasks : List.of("crunch", "files")) {
      RawCell failed = RawCell.unmeasured(tasks, CellStatus.FAILED, "no master answers.");
      cells.addAll(cells(raw(tasks, 100, 0, "1"), Map.of("spark", failed)));
    }
    assertThat(ReportFormat.text.write(report(cells)))
        .contains("\ncrunch, files, spark failed: no master answers.\n");
  }

  @Test
  void markdownHasARowPerTaskSet() {
    assertThat(ReportFormat.markdown.write(report()).lines())
        .anyMatch(line -> line.startsWith("| crunch | 100 ms"))
        .anyMatch(line -> line.startsWith("| a-set-with-a-long-name | "));
  }

  @Test
  void onlyUndeclaredFailuresAreUnexpected() {
    RawCell failed = RawCell.unmeasured("crash", CellStatus.FAILED, "lost.");
    CellComparison comparison = new CellComparison(failed);
    Cell declared = comparison.cell("a", failed, true);
    Cell undeclared = comparison.cell("b", failed, false);
    assertThat(report(List.of(declared)).hasUnexpectedFailure()).isFalse();
    assertThat(report(List.of(declared, undeclared)).hasUnexpectedFailure()).isTrue();
  }

  private static MatrixReport report() {
    List<Cell> cells = new ArrayList<>();
    for (String tasks : List.of("crunch", "a-set-with-a-long-name")) {
      Map<String, RawCell> others = new HashMap<>();
      for (int i = 0; i < STRATEGIES.size(); i++) {
        double millis = i == 1 ? 12_345 : 20 + 10 * i;
        others.put(STRATEGIES.get(i), raw(tasks, millis, 123_456_789L, "1"));
      }
      others.put(
          "process-pool", RawCell.unmeasured(tasks, CellStatus.UNSUPPORTED, "no, \"not\" here"));
      List<Cell> ofSet = new ArrayList<>(cells(raw(tasks, 100, 0, "1"), others));
      ofSet.sort(Comparator.comparingInt(cell -> STRATEGIES.indexOf(cell.strategy())));
      cells.addAll(ofSet);
    }
    return report(cells);
  }

  private static MatrixReport report(List<Cell> cells) {
    List<Recommendation> advice =
        cells.stream()
            .map(Cell::tasks)
            .distinct()
            .map(
                tasks ->
                    Advisor.advise(
                        tasks,
                        cells.stream().filter(c -> c.tasks().equals(tasks)).toList(),
                        Set.of()))
            .toList();
    return new MatrixReport(Recorded.machine(), cells, List.of(Skipped.spark()), advice);
  }
}
