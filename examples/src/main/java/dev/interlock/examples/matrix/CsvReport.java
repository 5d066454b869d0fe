// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The cells as comma-separated values (RFC 4180), with a header; what is unknown is empty. A
 * strategy that was skipped has a row without a task set.
 */
final class CsvReport {
  private CsvReport() {}

  static String of(MatrixReport report) {
    StringBuilder text = new StringBuilder();
    text.append(
        row(
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
            "resultsEqual"));
    for (Cell cell : report.cells()) {
      text.append(
          row(
              cell.tasks(),
              cell.strategy(),
              cell.workers(),
              cell.status().written(),
              cell.reason(),
              cell.runs(),
              cell.medianMillis(),
              cell.p95Millis(),
              cell.speedup(),
              cell.startupMillis(),
              cell.rssBytesPerWorker(),
              cell.encodedBytes(),
              cell.resultsEqual()));
    }
    for (Skipped one : report.skipped()) {
      text.append(
          row(
              null,
              one.strategy(),
              null,
              "skipped",
              one.reason(),
              0,
              null,
              null,
              null,
              null,
              null,
              null,
              null));
    }
    return text.toString();
  }

  private static String row(@Nullable Object... values) {
    return Arrays.stream(values).map(CsvReport::field).collect(Collectors.joining(",")) + "\r\n";
  }

  private static String field(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    String text =
        value instanceof Double number
            ? String.format(Locale.ROOT, "%.6f", number)
            : value.toString();
    boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
