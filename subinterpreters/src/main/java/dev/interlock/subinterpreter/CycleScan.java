// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds the last whole message in the file of a cycle whose writer is gone, and ends the file
 * behind it.
 *
 * <p>A Chronicle file is a sequence of records, each behind a header of four bytes: its length, a
 * bit for Chronicle's own data, a bit that is set until the record is complete. Zeros follow the
 * last one. Where a record is incomplete, or a message lacks some of its records, the writer was
 * killed in the middle: the mark that ends a cycle is put there, and no reader goes beyond. The
 * writer that comes next begins a new cycle.
 */
final class CycleScan {
  private static final int INCOMPLETE = 1 << 31;
  private static final int META = 1 << 30;
  private static final int LENGTH = META - 1;
  private static final int END = INCOMPLETE | META;

  private final RandomAccessFile file;
  private long position;

  /** Where the message begins whose records are not all read yet; -1 if there is none. */
  private long messageStart = -1;

  private long missingBytes;

  /** The number of the message whose records are being read. */
  private long pending;

  /** The number of the last whole message, plus one; 0 if there is none. */
  private long messages;

  private CycleScan(RandomAccessFile file) {
    this.file = file;
  }

  /**
   * Ends the file behind its last whole message, or deletes it if not even Chronicle's own first
   * record is complete.
   *
   * @return the number of that message, plus one; 0 if there is none
   */
  static long end(Path path) throws IOException {
    long messages;
    boolean begun;
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      CycleScan scan = new CycleScan(file);
      scan.run();
      messages = scan.messages;
      begun = scan.position > 0;
    }
    if (!begun) {
      Files.delete(path);
    }
    return messages;
  }

  private void run() throws IOException {
    int header = header();
    while (header != 0 && (header & INCOMPLETE) == 0) {
      int length = header & LENGTH;
      if ((header & META) == 0) {
        record(length);
      }
      position = position + Integer.BYTES + length + 3 & ~3L;
      header = header();
    }
    // Chronicle looks for the end behind the last record that its writer has completed, too.
    if (header != END) {
      end(position);
    }
    if (messageStart >= 0) {
      end(messageStart);
    }
  }

  private void end(long at) throws IOException {
    file.seek(at);
    file.writeInt(Integer.reverseBytes(END));
  }

  /** Zero at the end of the file, where a record cannot begin. */
  private int header() throws IOException {
    if (position + Integer.BYTES > file.length()) {
      return 0;
    }
    file.seek(position);
    return Integer.reverseBytes(file.readInt());
  }

  private void record(int length) throws IOException {
    if (messageStart < 0) {
      int prefix = Integer.reverseBytes(file.readInt());
      messageStart = position;
      missingBytes = prefix < 0 ? ~prefix : prefix;
      missingBytes -= length - LogWriter.PREFIX_BYTES;
      pending = Long.reverseBytes(file.readLong());
    } else {
      missingBytes -= length;
    }
    if (missingBytes <= 0) {
      messages = pending + 1;
      messageStart = -1;
    }
  }
}
