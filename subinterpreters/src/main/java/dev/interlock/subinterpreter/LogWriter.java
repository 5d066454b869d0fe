// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.IOException;
import java.util.Objects;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * The appending end of a {@link MessageLog}. Not thread-safe: the log calls it under its append
 * lock.
 *
 * <p>A message becomes one record, or several if it is longer than {@link #FRAGMENT_BYTES}, because
 * Chronicle takes no record longer than a block. The first record begins with the length of the
 * whole message, as its complement if an object goes beside it, and with the message's number. All
 * records of a message lie in one cycle, whose file is written large enough before the first of
 * them: so a full disk fails a message before any part of it is visible.
 */
final class LogWriter {
  static final int BLOCK_BYTES = 64 << 10;

  /** Two cycles and Chronicle's table: a reader deletes a file once it has entered the next. */
  static final long LEAST_DISK_BYTES = 2 << 20;

  /** {@link #append}: the files may not take more now. */
  static final long FULL = -1;

  /** A record's content; below a block, by more than its header takes. */
  static final int FRAGMENT_BYTES = 60 << 10;

  /** The size of a cycle's file unless it is made for one long message. */
  static final long CYCLE_BYTES = 512 << 10;

  /**
   * At the end of a file, not written to. Chronicle maps two blocks at a time, the first of which
   * holds the position; at the end of the last record that is the block after it. Without this
   * space it would lengthen the file with pages that have no blocks on disk. The third block is a
   * margin.
   */
  static final long TAIL_BYTES = 3L * BLOCK_BYTES;

  /** What Chronicle writes at the start of a file: its header and the first pages of the index. */
  private static final long HEAD_BYTES = 8 << 10;

  /** Header and padding of one record. */
  private static final long RECORD_OVERHEAD_BYTES = 8;

  /** An index page, which may follow any record, and the mark that ends a cycle. */
  private static final long INDEX_PAGE_BYTES = 1 << 10;

  private static final int RECORDS_PER_INDEX_PAGE = 64 * 64;

  /** What the first record of a message begins with. */
  static final int PREFIX_BYTES = Integer.BYTES + Long.BYTES;

  private final ExcerptAppender appender;
  private final CycleFiles files;
  private final ByteCycle cycle;

  /** Where the last record ended in the current file. */
  private long positionBytes;

  /** Where the current file ends for records. */
  private long limitBytes;

  private final long maxDiskBytes;

  /** The number of the next message. */
  private long messages;

  /**
   * @param messages how many were appended before
   * @param maxDiskBytes what all files of the log may take; at least {@link #LEAST_DISK_BYTES}
   */
  LogWriter(
      ChronicleQueue queue, CycleFiles files, ByteCycle cycle, long messages, long maxDiskBytes)
      throws IOException {
    this.files = files;
    this.cycle = cycle;
    this.messages = messages;
    this.maxDiskBytes = maxDiskBytes;
    enter(cycle.current(), 0);
    appender = queue.createAppender();
    appender.singleThreadedCheckDisabled(true);
  }

  /**
   * Appends one message and returns how many there were by now, or {@link #FULL} if the files would
   * take more than they may, and nothing was written.
   *
   * @param attached whether an object goes beside it
   * @throws IOException if there is no space for it; nothing of it was written
   */
  long append(byte[] message, int offset, int length, boolean attached) throws IOException {
    long neededBytes = spaceFor(length);
    if (positionBytes + neededBytes > limitBytes) {
      if (maxDiskBytes != Long.MAX_VALUE
          && files.totalBytes() + fileBytes(neededBytes) > maxDiskBytes) {
        return FULL;
      }
      enter(Math.addExact(cycle.current(), 1), neededBytes);
    }
    int written = Math.min(length, FRAGMENT_BYTES);
    try (DocumentContext record = appender.writingDocument()) {
      Bytes<?> bytes = bytes(record);
      bytes.writeInt(attached ? ~length : length);
      bytes.writeLong(messages);
      bytes.write(message, offset, written);
      positionBytes = bytes.writePosition();
    }
    while (written < length) {
      int part = Math.min(length - written, FRAGMENT_BYTES);
      try (DocumentContext record = appender.writingDocument()) {
        Bytes<?> bytes = bytes(record);
        bytes.write(message, offset + written, part);
        positionBytes = bytes.writePosition();
      }
      written += part;
    }
    return ++messages;
  }

  void close() {
    appender.close();
  }

  /** Makes the next record begin a new file, with room for at least this much. */
  private void enter(int next, long neededBytes) throws IOException {
    long fileBytes = fileBytes(neededBytes);
    files.create(next, fileBytes);
    cycle.advance(next);
    positionBytes = HEAD_BYTES;
    limitBytes = fileBytes - TAIL_BYTES;
  }

  /** Whether a message of this length can ever be appended, though all others are read. */
  boolean fitsWhenRead(int length) {
    return fileBytes(spaceFor(length)) + CYCLE_BYTES + CycleFiles.METADATA_BYTES <= maxDiskBytes;
  }

  private static long fileBytes(long neededBytes) {
    return Math.max(CYCLE_BYTES, blocks(HEAD_BYTES + neededBytes) + TAIL_BYTES);
  }

  /** An upper bound of what a message takes in a file. */
  private static long spaceFor(int length) {
    long records = length / FRAGMENT_BYTES + 1L;
    return PREFIX_BYTES
        + length
        + records * RECORD_OVERHEAD_BYTES
        + (records / RECORDS_PER_INDEX_PAGE + 2) * INDEX_PAGE_BYTES;
  }

  private static long blocks(long bytes) {
    return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
  }

  private static Bytes<?> bytes(DocumentContext record) {
    return Objects.requireNonNull(record.wire()).bytes();
  }
}
