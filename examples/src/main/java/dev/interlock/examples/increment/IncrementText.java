// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.increment;

import dev.interlock.examples.matrix.TextColumns;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The report for a terminal. */
final class IncrementText {
  private static final int WIDTH = 80;

  private final IncrementReport report;
  private final StringBuilder text = new StringBuilder();

  IncrementText(IncrementReport report) {
    this.report = report;
  }

  String write() {
    paragraph(
        report.threads()
            + " threads of "
            + report.strategy()
            + ", "
            + report.increments()
            + " submits of num++, "
            + report.rows().get(0).attempts()
            + " attempts; right: num is "
            + report.increments()
            + " in the end.");
    paragraph("");
    boolean locked = report.rows().stream().anyMatch(row -> row.switchInterval() != null);
    if (locked) {
      locked();
    } else {
      free();
    }
    return text.toString();
  }

  private void locked() {
    TextColumns columns = new TextColumns(3, 1);
    columns.row(List.of("switch interval", "right", "lost updates", "switches", "CPython"));
    for (IncrementRow row : report.rows()) {
      columns.row(
          List.of(
              row.switchInterval() == null ? "-" : row.switchInterval(),
              IncrementReport.percent(row.correctPercent()),
              count(row.lostUpdates()),
              row.switches() == null ? "-" : count(row.switches()),
              documented(row)));
    }
    columns.lines().forEach(this::line);
    paragraph("");
    paragraph(
        "Switches: how often the lock changed hands inside an increment. CPython:"
            + " as its users document it, not measured here.");
    if (report.threads() > 1 && report.rows().stream().allMatch(IncrementText::hadNoSwitch)) {
      paragraph("");
      paragraph(
          "The threads never met inside an increment. On cores that are busy with something else"
              + " they seldom do: give it more --attempts, or --threads.");
    }
    LostUpdate lost = report.lostUpdate();
    if (lost != null) {
      paragraph("");
      paragraph("A lost update, at " + lost.switchInterval() + ": " + lost.sentence());
    }
  }

  private void free() {
    TextColumns columns = new TextColumns(3, 0);
    columns.row(List.of("right", "lost updates"));
    for (IncrementRow row : report.rows()) {
      columns.row(List.of(IncrementReport.percent(row.correctPercent()), count(row.lostUpdates())));
    }
    columns.lines().forEach(this::line);
    paragraph("");
    paragraph(
        "There is no lock: the threads read and write at once, and what goes wrong depends on how"
            + " their tasks meet.");
  }

  private static boolean hadNoSwitch(IncrementRow row) {
    return row.switches() != null && row.switches() == 0;
  }

  private static String documented(IncrementRow row) {
    @Nullable Documented figure = row.documented();
    if (figure == null) {
      return "-";
    }
    String percent = figure.correctPercent() + " %";
    return figure.switchInterval().equals(row.switchInterval())
        ? percent
        : percent + " at " + figure.switchInterval();
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private void paragraph(String content) {
    TextColumns.wrap(content, WIDTH).forEach(this::line);
  }

  private void line(String content) {
    text.append(content).append('\n');
  }
}
