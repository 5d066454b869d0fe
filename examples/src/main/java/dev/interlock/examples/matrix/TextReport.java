// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import com.google.common.collect.Lists;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The report for a terminal, at most 80 columns wide. */
final class TextReport {
  private static final int WIDTH = 80;
  private static final int TASKS_WIDTH = 12;
  private static final int STRATEGY_WIDTH = 16;
  private static final int THREAD_WIDTH = 14;
  private static final int STRATEGIES_ABREAST = 5;
  private static final int MOST_HEADING_WIDTH = 15;

  private final MatrixReport report;
  private final StringBuilder text = new StringBuilder();

  private TextReport(MatrixReport report) {
    this.report = report;
  }

  static String of(MatrixReport report) {
    return new TextReport(report).write();
  }

  private String write() {
    machine();
    for (List<String> abreast : Lists.partition(report.strategies(), STRATEGIES_ABREAST)) {
      matrix(abreast);
    }
    line("Median time of a run; below it the speed-up over sequential.");
    report
        .skipped()
        .forEach(one -> wrapped("", "Skipped: " + one.strategy() + ", " + one.reason(), "  "));
    if (!report.recommendations().isEmpty()) {
      heading("Recommendations");
      report.recommendations().forEach(this::recommendation);
    }
    evidence();
    locks();
    reasons();
    scaledDown();
    return text.toString();
  }

  private void machine() {
    Machine machine = report.machine();
    entry(
        "Machine",
        machine.cpu()
            + ", "
            + machine.cores()
            + " cores, "
            + Figures.count(machine.memoryBytes() / (1 << 20))
            + " MiB, "
            + machine.os());
    entry("JDK", machine.jdk());
    entry("Flags", String.join(" ", machine.jvmFlags()));
    entry(
        "Settings",
        machine.settings().entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue())
            .collect(Collectors.joining(", ")));
  }

  private void matrix(List<String> strategies) {
    line("");
    TextColumns columns = new TextColumns(2, 1);
    List<List<String>> headings = strategies.stream().map(name -> headingLines(name)).toList();
    for (int line = 0; line < 2; line++) {
      List<String> row = new ArrayList<>(List.of(""));
      for (List<String> heading : headings) {
        row.add(heading.get(line));
      }
      columns.row(row);
    }
    for (String tasks : report.taskSets()) {
      List<String> above = new ArrayList<>(List.of(TextColumns.fit(tasks, TASKS_WIDTH)));
      List<String> below = new ArrayList<>(List.of(""));
      for (String strategy : strategies) {
        Optional<Cell> cell =
            report.cellsOf(tasks).filter(one -> one.strategy().equals(strategy)).findFirst();
        above.add(cell.map(TextReport::value).orElse("-"));
        below.add(cell.map(TextReport::note).orElse(""));
      }
      columns.row(above);
      if (below.stream().anyMatch(entry -> !entry.isEmpty())) {
        columns.row(below);
      }
    }
    columns.lines().forEach(this::line);
    line("");
  }

  /** A name in two lines, broken at its last hyphen. */
  private static List<String> headingLines(String name) {
    int hyphen = name.lastIndexOf('-') + 1;
    return Stream.of(name.substring(0, hyphen), name.substring(hyphen))
        .map(part -> TextColumns.fit(part, MOST_HEADING_WIDTH))
        .toList();
  }

  private static String value(Cell cell) {
    return switch (cell.status()) {
      case OK -> Figures.millis(cell.medianMillis());
      case UNSUPPORTED -> "unsupported";
      case FAILED -> "failed";
    };
  }

  private static String note(Cell cell) {
    if (cell.status() != CellStatus.OK) {
      return "";
    }
    boolean compared = cell.speedup() != null && !cell.isBaseline();
    String speedup = compared ? Figures.times(cell.speedup()) : "";
    return Boolean.FALSE.equals(cell.resultsEqual()) ? "wrong " + speedup : speedup;
  }

  private void recommendation(Recommendation one) {
    String choice =
        one.strategy() == null
            ? one.confidence().written()
            : one.strategy() + " (confidence: " + one.confidence().written() + ")";
    line(TextColumns.fit(one.tasks(), TASKS_WIDTH) + ": " + choice);
    for (String reason : one.reasons()) {
      item(reason);
    }
  }

  private void evidence() {
    heading("Evidence");
    TextColumns columns = new TextColumns(1, 2);
    columns.row(
        List.of(
            "tasks",
            "strategy",
            "work",
            "runs",
            "median",
            "p95",
            "start",
            "rss/w",
            "encoded",
            "="));
    for (Cell cell : report.cells()) {
      if (cell.runs() == 0) {
        continue;
      }
      columns.row(
          List.of(
              TextColumns.fit(cell.tasks(), TASKS_WIDTH),
              TextColumns.fit(cell.strategy(), STRATEGY_WIDTH),
              String.valueOf(cell.workers()),
              String.valueOf(cell.runs()),
              compact(Figures.millis(cell.medianMillis())),
              compact(Figures.millis(cell.p95Millis())),
              compact(Figures.millis(cell.startupMillis())),
              compact(Figures.bytes(cell.rssBytesPerWorker())),
              compact(Figures.bytes(cell.encodedBytes())),
              cell.resultsEqual() == null ? "-" : cell.resultsEqual() ? "y" : "n"));
    }
    columns.lines().forEach(this::line);
    wrapped(
        "",
        "work: workers; start: from open to the first result; rss/w: resident memory that came"
            + " with the executor, per worker; encoded: bytes per run, both ways; =: results equal"
            + " the sequential ones.",
        "");
  }

  private void locks() {
    List<Cell> locked = report.cells().stream().filter(cell -> cell.lock() != null).toList();
    if (locked.isEmpty()) {
      return;
    }
    heading("Interpreter lock");
    TextColumns columns = new TextColumns(2, 1);
    columns.row(
        List.of("tasks", "hand-offs", "asked", "forced", "to block", "taken", "held", "waited"));
    for (Cell cell : locked) {
      LockFigures lock = Objects.requireNonNull(cell.lock());
      columns.row(lockEntries(TextColumns.fit(cell.tasks(), TASKS_WIDTH), lock));
      for (LockFigures thread : lock.threads()) {
        columns.row(lockEntries("  " + threadName(thread), thread));
      }
    }
    columns.lines().forEach(this::line);
    wrapped(
        "",
        "All measured runs together. hand-offs: another thread had the lock than before; asked:"
            + " drop requests; forced: given up because a waiter asked; to block: given up to"
            + " block; taken: taken over from a blocked thread; held, waited: time of all threads.",
        "");
  }

  /** The end of the name, which has the thread's number. */
  private static String threadName(LockFigures thread) {
    String name = String.valueOf(thread.thread());
    if (thread.isOfEnded()) {
      return "(ended)";
    }
    return name.length() <= THREAD_WIDTH
        ? name
        : ".." + name.substring(name.length() - THREAD_WIDTH + 2);
  }

  private static List<String> lockEntries(String name, LockFigures lock) {
    return List.of(
        name,
        Figures.count(lock.handOffs()),
        Figures.count(lock.dropRequests()),
        Figures.count(lock.forcedDrops()),
        Figures.count(lock.blockingReleases()),
        Figures.count(lock.takeOvers()),
        Figures.millis(lock.heldMillis()),
        Figures.millis(lock.waitedMillis()));
  }

  private static String compact(String figure) {
    return figure.replace(" ", "");
  }

  private void reasons() {
    List<Cell> explained = report.cells().stream().filter(cell -> cell.reason() != null).toList();
    if (explained.isEmpty()) {
      return;
    }
    heading("Not as usual");
    explained.stream()
        .collect(
            Collectors.groupingBy(TextReport::explanation, LinkedHashMap::new, Collectors.toList()))
        .forEach(
            (explanation, cells) ->
                wrapped(
                    "",
                    cells.stream().map(Cell::tasks).collect(Collectors.joining(", "))
                        + ", "
                        + explanation,
                    "  "));
  }

  /** What cells of one strategy often share. */
  private static String explanation(Cell cell) {
    String status = cell.status() == CellStatus.OK ? "" : " " + cell.status().written();
    return cell.strategy() + status + ": " + cell.reason();
  }

  private void scaledDown() {
    if (report.machine().scaledDown().isEmpty()) {
      return;
    }
    heading("Scaled down (--quick)");
    report
        .machine()
        .scaledDown()
        .forEach((tasks, what) -> wrapped("", tasks + ": " + what + ".", "  "));
  }

  private void heading(String title) {
    line("");
    line(title.toUpperCase(Locale.ROOT));
  }

  private void entry(String name, String value) {
    wrapped(String.format(Locale.ROOT, "%-10s", name + ":"), value, " ".repeat(10));
  }

  private void item(String reason) {
    wrapped("  - ", reason, "    ");
  }

  private void wrapped(String first, String content, String indent) {
    List<String> lines =
        TextColumns.wrap(content, WIDTH - Math.max(first.length(), indent.length()));
    for (int i = 0; i < lines.size(); i++) {
      line((i == 0 ? first : indent) + lines.get(i));
    }
  }

  private void line(String content) {
    text.append(content).append('\n');
  }
}
