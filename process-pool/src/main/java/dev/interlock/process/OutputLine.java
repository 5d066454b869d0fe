// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.TaskOutput;

/**
 * A line that a child has written.
 *
 * @param stream where
 * @param taskId the task that ran; 0 if none did, or it is not known
 * @param bytes the line without its end
 */
@SuppressWarnings("ArrayRecordComponent") // lines are not compared
record OutputLine(TaskOutput.Stream stream, long taskId, byte[] bytes) {
  /** What a line takes besides its bytes, about. */
  private static final int OVERHEAD_BYTES = 64;

  /** A line of Interlock's own. */
  static OutputLine note(String text) {
    return new OutputLine(TaskOutput.Stream.STDERR, 0, text.getBytes(TaskMark.CHARSET));
  }

  String text() {
    return new String(bytes, TaskMark.CHARSET);
  }

  int costBytes() {
    return bytes.length + OVERHEAD_BYTES;
  }
}
