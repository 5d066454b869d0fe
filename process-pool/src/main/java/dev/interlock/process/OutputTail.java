// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.util.ArrayDeque;

/** Keeps the last lines. Thread-safe. */
final class OutputTail implements OutputSink {
  private static final int MOST_LINES = 20;
  private static final int LONGEST_LINE = 500;

  private final ArrayDeque<String> lines = new ArrayDeque<>();

  @Override
  public synchronized void line(byte[] bytes, int length) {
    if (lines.size() == MOST_LINES) {
      lines.removeFirst();
    }
    int kept = Math.min(length, LONGEST_LINE);
    lines.add(new String(bytes, 0, kept, CHARSET) + (kept < length ? "..." : ""));
  }

  synchronized String text() {
    return String.join("\n", lines);
  }
}
