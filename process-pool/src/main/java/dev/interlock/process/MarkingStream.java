// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Stands below {@code System.out} or {@code System.err} of a child and puts the running task's
 * {@link TaskMark} before each line. Bytes are held back until {@link #flush}, which a {@code
 * PrintStream} calls after each printing. Thread-safe.
 */
final class MarkingStream extends OutputStream {
  private static final int BUFFER_BYTES = 8 << 10;
  private static final byte[] NO_MARK = {};

  private final OutputStream target;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int buffered;
  private boolean insideLine;
  private long taskId;

  /** Of {@link #taskId}; null until it prints. */
  private byte @Nullable [] mark = NO_MARK;

  MarkingStream(OutputStream target) {
    this.target = target;
  }

  /** A task begins: lines are its from now on. */
  synchronized void begin(long id) {
    taskId = id;
    mark = null;
  }

  /** The task has ended: so does its last line, and everything is out. */
  synchronized void end() throws IOException {
    if (insideLine) {
      append((byte) '\n');
    }
    mark = NO_MARK;
    if (buffered > 0) {
      flush();
    }
  }

  @Override
  public synchronized void write(int next) throws IOException {
    add((byte) next);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      add(bytes[i]);
    }
  }

  private void add(byte next) throws IOException {
    if (!insideLine) {
      byte[] known = mark;
      if (known == null) {
        known = TaskMark.of(taskId);
        mark = known;
      }
      for (byte part : known) {
        append(part);
      }
    }
    append(next);
  }

  private void append(byte next) throws IOException {
    if (buffered == buffer.length) {
      flush();
    }
    buffer[buffered++] = next;
    insideLine = next != '\n';
  }

  @Override
  public synchronized void flush() throws IOException {
    int length = buffered;
    buffered = 0;
    target.write(buffer, 0, length);
  }

  @Override
  public synchronized void close() throws IOException {
    try (target) {
      flush();
    }
  }
}
