// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.codec.BufferPart;
import dev.interlock.codec.BufferSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file beside one frame, which holds its large buffers; there is none until there is such a
 * buffer. It is written, not mapped: a full file system is an exception here, and what does not fit
 * any more goes into the frame.
 *
 * <p>Used by one thread at a time.
 */
final class SideFile implements BufferSink {
  /** Apart: a child loads no logging library before it has something to say. */
  private static final class Log {
    static final Logger OF_CLASS = LoggerFactory.getLogger(SideFile.class);
  }

  /** What is smaller costs less in the frame than a file does. */
  static final int LEAST_BYTES = 256 << 10;

  private final Supplier<Path> place;
  private final Path spare;
  private final long key;
  private final long mostBytes;
  private final SideRoom room;
  private @Nullable Path path;
  private @Nullable FileChannel file;
  private volatile long bytes;

  /**
   * @param place where it will be; nothing is there
   * @param spare where one may be that can be used again
   * @param key its name in the frame
   * @param mostBytes how large it may get
   * @param room what all files may take
   */
  SideFile(Supplier<Path> place, Path spare, long key, long mostBytes, SideRoom room) {
    this.place = place;
    this.spare = spare;
    this.key = key;
    this.mostBytes = mostBytes;
    this.room = room;
  }

  @Override
  public long key() {
    return key;
  }

  @Override
  public long store(long length, BufferPart content) {
    if (length < LEAST_BYTES || length > mostBytes - bytes || !room.take(length)) {
      return REFUSED;
    }
    long offset = bytes;
    try {
      write(offset, length, content);
    } catch (IOException e) {
      Log.OF_CLASS.debug("{} bytes go into the frame instead of {}", length, path, e);
      room.giveBack(length);
      return REFUSED;
    }
    bytes = offset + length;
    return offset;
  }

  private void write(long offset, long length, BufferPart content) throws IOException {
    FileChannel target = open();
    ByteBuffer chunk = Chunks.borrow();
    try {
      for (long at = 0; at < length; at += chunk.limit()) {
        chunk.clear().limit((int) Math.min(chunk.capacity(), length - at));
        content.at(at, chunk);
        chunk.rewind();
        while (chunk.hasRemaining()) {
          target.write(chunk, offset + at + chunk.position());
        }
      }
    } finally {
      Chunks.giveBack(chunk);
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // end closes it
  private FileChannel open() throws IOException {
    FileChannel opened = file;
    if (opened == null) {
      Path fresh = place.get();
      opened = SpareFiles.open(spare, fresh);
      path = fresh;
      file = opened;
    }
    return opened;
  }

  @Override
  public void end(boolean needed) {
    FileChannel opened = file;
    if (opened == null) {
      return;
    }
    file = null;
    try {
      opened.close();
    } catch (IOException e) {
      Log.OF_CLASS.debug("{} did not close well", path, e);
    }
    if (!needed || bytes == 0) {
      delete();
    }
  }

  /** How many bytes of the frame are here. */
  long bytes() {
    return bytes;
  }

  /** It is not needed any more, but its memory may be. Called by one thread at a time. */
  void keep(SpareFiles spares) {
    Path made = path;
    if (made != null) {
      path = null;
      spares.keep(made, bytes, spare);
      room.giveBack(bytes);
      bytes = 0;
    }
  }

  /** It is not needed any more. Called by one thread at a time. */
  void delete() {
    Path made = path;
    if (made != null) {
      path = null;
      SpareFiles.delete(made);
      room.giveBack(bytes);
      bytes = 0;
    }
  }
}
