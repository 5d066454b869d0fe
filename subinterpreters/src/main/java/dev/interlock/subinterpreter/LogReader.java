// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.IOException;
import java.util.Objects;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * The reading end of a {@link MessageLog}. Not thread-safe: the log calls it under its read lock,
 * and only when a whole message is there.
 *
 * <p>A cycle's file is deleted once the tailer has read a message of a later cycle: then nobody
 * looks into the file any more.
 */
final class LogReader {
  /**
   * How often to ask the tailer for a record that is known to be there; entering a cycle takes two.
   */
  private static final int ATTEMPTS = 1_000;

  private final ExcerptTailer tailer;
  private final CycleFiles files;

  /** The oldest cycle whose file was not deleted yet. */
  private int oldestCycle;

  /** The number of the next message. */
  private long messages;

  /** Whether an object goes beside the message that was read last. */
  private boolean attached;

  /**
   * @param messages how many were read before; some of them may still be in the files
   */
  LogReader(ChronicleQueue queue, CycleFiles files, int oldestCycle, long messages) {
    this.files = files;
    this.oldestCycle = oldestCycle;
    this.messages = messages;
    tailer = queue.createTailer();
    tailer.singleThreadedCheckDisabled(true);
  }

  /** Reads the next message. Running out of memory for it leaves it where it is. */
  byte[] read() throws IOException {
    while (true) {
      byte[] message;
      int read;
      long number;
      try (DocumentContext record = nextRecord()) {
        Bytes<?> bytes = bytes(record);
        int length = bytes.readInt();
        number = bytes.readLong();
        attached = length < 0;
        try {
          message = new byte[attached ? ~length : length];
        } catch (OutOfMemoryError e) {
          record.rollbackOnClose();
          throw e;
        }
        read = readInto(message, 0, bytes);
      }
      while (read < message.length) {
        try (DocumentContext record = nextRecord()) {
          read += readInto(message, read, bytes(record));
        }
      }
      deleteBehind();
      if (number >= messages) {
        messages = number + 1;
        return message;
      }
    }
  }

  /** Whether an object goes beside the message that was read last. */
  boolean isAttached() {
    return attached;
  }

  /** How many messages were read. */
  long messages() {
    return messages;
  }

  void close() {
    tailer.close();
  }

  private DocumentContext nextRecord() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      DocumentContext record = tailer.readingDocument();
      if (record.isPresent()) {
        return record;
      }
      record.close();
      Thread.onSpinWait();
    }
    throw new IllegalStateException("A record that was appended cannot be found: " + tailer);
  }

  private void deleteBehind() throws IOException {
    int current = tailer.cycle();
    while (oldestCycle < current) {
      files.delete(oldestCycle);
      oldestCycle++;
    }
  }

  private static int readInto(byte[] message, int offset, Bytes<?> bytes) {
    int length = Math.toIntExact(bytes.readRemaining());
    return length == 0 ? 0 : bytes.read(message, offset, length);
  }

  private static Bytes<?> bytes(DocumentContext record) {
    return Objects.requireNonNull(record.wire()).bytes();
  }
}
