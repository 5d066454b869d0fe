// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import java.util.ArrayList;
import java.util.List;

/** Lays text out in columns, as wide as their widest entry. Confined to one thread. */
public final class TextColumns {
  private final List<List<String>> rows = new ArrayList<>();
  private final String gap;
  private final int leftAligned;

  /**
   * @param gap how many blanks between two columns
   * @param leftAligned how many columns, from the left, are flush left; the others are flush right
   */
  public TextColumns(int gap, int leftAligned) {
    this.gap = " ".repeat(gap);
    this.leftAligned = leftAligned;
  }

  public void row(List<String> entries) {
    rows.add(List.copyOf(entries));
  }

  public List<String> lines() {
    List<Integer> widths = widths();
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String entry = row.get(column);
        String padding = " ".repeat(widths.get(column) - entry.length());
        line.append(column == 0 ? "" : gap)
            .append(column < leftAligned ? entry + padding : padding + entry);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private List<Integer> widths() {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        int width = row.get(column).length();
        if (column == widths.size()) {
          widths.add(width);
        } else {
          widths.set(column, Math.max(width, widths.get(column)));
        }
      }
    }
    return widths;
  }

  /** Breaks a text into lines: at blanks, or anywhere in a word that is longer than a line. */
  public static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      if (line.length() > 0 && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
      while (line.length() > width) {
        lines.add(line.substring(0, width));
        line.delete(0, width);
      }
    }
    lines.add(line.toString());
    return lines;
  }

  /** A text of at most {@code width} characters; dots stand for what is cut off. */
  public static String fit(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 2) + "..";
  }
}
