// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The report as Markdown, for a page or an issue. */
final class MarkdownReport {
  private final MatrixReport report;
  private final StringBuilder text = new StringBuilder();

  private MarkdownReport(MatrixReport report) {
    this.report = report;
  }

  static String of(MatrixReport report) {
    return new MarkdownReport(report).write();
  }

  private String write() {
    Machine machine = report.machine();
    line("## Decision matrix");
    line("");
    line(
        "- Machine: "
            + machine.cpu()
            + ", "
            + machine.cores()
            + " cores, "
            + Figures.count(machine.memoryBytes() / (1 << 20))
            + " MiB, "
            + machine.os());
    line("- JDK: " + machine.jdk());
    line("- Flags: `" + String.join(" ", machine.jvmFlags()) + "`");
    line("- Settings: " + machine.settings());
    report.skipped().forEach(one -> line("- Skipped: " + one.strategy() + ", " + one.reason()));
    machine.scaledDown().forEach((tasks, what) -> line("- Scaled down, " + tasks + ": " + what));
    line("");
    matrix();
    recommendations();
    evidence();
    return text.toString();
  }

  private void matrix() {
    List<String> heading = new ArrayList<>(List.of("tasks"));
    heading.addAll(report.strategies());
    header(heading);
    for (String tasks : report.taskSets()) {
      List<String> row = new ArrayList<>(List.of(tasks));
      for (String strategy : report.strategies()) {
        Optional<Cell> cell =
            report.cellsOf(tasks).filter(one -> one.strategy().equals(strategy)).findFirst();
        row.add(cell.map(MarkdownReport::entry).orElse("-"));
      }
      row(row);
    }
    line("");
  }

  private static String entry(Cell cell) {
    if (cell.status() != CellStatus.OK) {
      return cell.status().written();
    }
    String speedup = cell.speedup() == null ? "" : " (" + Figures.times(cell.speedup()) + ")";
    String wrong = Boolean.FALSE.equals(cell.resultsEqual()) ? " wrong" : "";
    return Figures.millis(cell.medianMillis()) + speedup + wrong;
  }

  private void recommendations() {
    if (report.recommendations().isEmpty()) {
      return;
    }
    header(List.of("tasks", "recommendation", "confidence", "reasons"));
    for (Recommendation one : report.recommendations()) {
      row(
          List.of(
              one.tasks(),
              Objects.requireNonNullElse(one.strategy(), "-"),
              one.confidence().written(),
              String.join(" ", one.reasons())));
    }
    line("");
  }

  private void evidence() {
    header(
        List.of(
            "tasks",
            "strategy",
            "status",
            "workers",
            "runs",
            "median",
            "p95",
            "speed-up",
            "start-up",
            "memory per worker",
            "encoded",
            "results equal",
            "reason"));
    for (Cell cell : report.cells()) {
      row(
          List.of(
              cell.tasks(),
              cell.strategy(),
              cell.status().written(),
              orDash(cell.workers()),
              String.valueOf(cell.runs()),
              Figures.millis(cell.medianMillis()),
              Figures.millis(cell.p95Millis()),
              Figures.times(cell.speedup()),
              Figures.millis(cell.startupMillis()),
              Figures.bytes(cell.rssBytesPerWorker()),
              Figures.bytes(cell.encodedBytes()),
              orDash(cell.resultsEqual()),
              orDash(cell.reason())));
    }
  }

  private static String orDash(@org.jspecify.annotations.Nullable Object value) {
    return value == null ? "-" : value.toString();
  }

  private void header(List<String> names) {
    row(names);
    row(Collections.nCopies(names.size(), "---"));
  }

  private void row(List<String> entries) {
    line(
        "| "
            + String.join(
                " | ",
                entries.stream()
                    .map(entry -> entry.replace("|", "\\|").replace('\n', ' '))
                    .toList())
            + " |");
  }

  private void line(String content) {
    text.append(content).append('\n');
  }
}
