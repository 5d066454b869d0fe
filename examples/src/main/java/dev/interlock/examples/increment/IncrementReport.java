// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.increment;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the experiment found out.
 *
 * @param strategy what ran the tasks
 * @param threads how many threads incremented
 * @param increments how many increments an attempt has
 * @param rows one per switch interval
 * @param lostUpdate one that was seen to happen; null if none was, or if there is no lock
 */
public record IncrementReport(
    String strategy,
    int threads,
    int increments,
    List<IncrementRow> rows,
    @Nullable LostUpdate lostUpdate) {

  /** Copies the list. */
  public IncrementReport {
    rows = List.copyOf(rows);
  }

  /** For a terminal, at most 80 columns wide; ends with a line break. */
  public String text() {
    return new IncrementText(this).write();
  }

  static String percent(double percent) {
    return percent == Math.rint(percent)
        ? String.format(Locale.ROOT, "%.0f %%", percent)
        : String.format(Locale.ROOT, "%.1f %%", percent);
  }
}
