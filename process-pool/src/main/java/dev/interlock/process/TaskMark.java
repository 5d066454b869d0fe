// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * What a child puts before a line that a task prints: a start-of-heading character, the task's id
 * in hexadecimal digits, a start-of-text character. What looks otherwise is text; what looks like
 * it, but was written by a task past {@code System.out}, is believed, and names another task at
 * most.
 */
final class TaskMark {
  /** What the JVM itself, and a child's stdout and stderr, are written in. */
  static final Charset CHARSET =
      Charset.forName(System.getProperty("native.encoding", Charset.defaultCharset().name()));

  private static final byte START = 1;
  private static final byte END = 2;
  private static final int MOST_DIGITS = 16;
  private static final int DIGIT_BITS = 4;
  private static final int HEX = 16;

  private TaskMark() {}

  /** The bytes before a line of this task. */
  static byte[] of(long taskId) {
    byte[] digits = Long.toHexString(taskId).getBytes(StandardCharsets.US_ASCII);
    byte[] mark = new byte[digits.length + 2];
    mark[0] = START;
    System.arraycopy(digits, 0, mark, 1, digits.length);
    mark[mark.length - 1] = END;
    return mark;
  }

  /** How many bytes at the beginning of a line are a mark; 0 for none. */
  static int lengthAt(byte[] line, int length) {
    if (length < 3 || line[0] != START) {
      return 0;
    }
    int most = Math.min(length, MOST_DIGITS + 2);
    for (int i = 1; i < most; i++) {
      if (line[i] == END) {
        return i == 1 ? 0 : i + 1;
      }
      if (Character.digit(line[i], HEX) < 0) {
        return 0;
      }
    }
    return 0;
  }

  /** The task in a mark of this length. */
  static long taskId(byte[] line, int markLength) {
    long id = 0;
    for (int i = 1; i < markLength - 1; i++) {
      id = id << DIGIT_BITS | Character.digit(line[i], HEX);
    }
    return id;
  }
}
