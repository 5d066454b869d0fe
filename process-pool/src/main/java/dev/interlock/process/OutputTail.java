// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.TaskOutput;
import java.util.ArrayDeque;

/**
 * Keeps the last lines of stderr; and of stdout those of a JVM's report of a fatal error, which
 * goes there whatever the flags say. Thread-safe.
 */
final class OutputTail {
  private static final int MOST_LINES = 20;
  private static final int LONGEST_LINE = 500;

  private final ArrayDeque<String> lines = new ArrayDeque<>();

  synchronized void add(OutputLine line) {
    byte[] bytes = line.bytes();
    boolean fatal = bytes.length > 0 && bytes[0] == '#';
    if (line.stream() == TaskOutput.Stream.STDERR || fatal) {
      if (lines.size() == MOST_LINES) {
        lines.removeFirst();
      }
      int kept = Math.min(bytes.length, LONGEST_LINE);
      lines.add(new String(bytes, 0, kept, TaskMark.CHARSET) + (kept < bytes.length ? "..." : ""));
    }
  }

  synchronized String text() {
    return String.join("\n", lines);
  }
}
