// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.codec.BufferPart;
import dev.interlock.codec.BufferSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file beside one frame, which holds its large buffers; there is none until there is such a
 * buffer. New memory of it is written, not mapped: a full file system is an exception here, and
 * what does not fit any more goes into the frame.
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

  private final SideStore store;
  private final long mostBytes;
  private final SideRoom room;
  private SideStore.@Nullable Held file;
  private boolean ended;
  private volatile long bytes;

  /**
   * @param store has the file
   * @param mostBytes how large it may get
   * @param room what all files may take
   */
  SideFile(SideStore store, long mostBytes, SideRoom room) {
    this.store = store;
    this.mostBytes = mostBytes;
    this.room = room;
  }

  /** Asked for when a buffer was stored. */
  @Override
  public long key() {
    SideStore.Held held = file;
    if (held == null) {
      throw new IllegalStateException("there is no file yet");
    }
    return held.key();
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
      Log.OF_CLASS.debug("{} bytes go into the frame", length, e);
      room.giveBack(length);
      return REFUSED;
    }
    bytes = offset + length;
    return offset;
  }

  private void write(long offset, long length, BufferPart content) throws IOException {
    SideStore.Held target = open();
    BufferCopy.Piece piece = (at, chunk) -> write(target, offset + at, at, content, chunk);
    if (target.mayHaveHoles() || target.memory(offset, (int) length) != null) {
      BufferCopy.shared(length, piece, piece);
    } else {
      BufferCopy.inOrder(length, piece);
    }
  }

  private static void write(
      SideStore.Held target, long offset, long at, BufferPart content, ByteBuffer chunk)
      throws IOException {
    ByteBuffer memory = target.memory(offset, chunk.remaining());
    if (memory != null) {
      content.at(at, memory);
      return;
    }
    content.at(at, chunk);
    chunk.rewind();
    while (chunk.hasRemaining()) {
      target.channel().write(chunk, offset + chunk.position());
    }
  }

  private SideStore.Held open() throws IOException {
    SideStore.Held held = file;
    if (held == null) {
      held = store.take();
      file = held;
    }
    return held;
  }

  @Override
  public void end(boolean needed) {
    SideStore.Held held = file;
    if (held == null || ended) {
      return;
    }
    ended = true;
    try {
      held.written();
    } catch (IOException e) {
      Log.OF_CLASS.debug("A file of buffers did not close well", e);
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
  void release() {
    SideStore.Held held = file;
    if (held != null) {
      forget();
      held.release();
    }
  }

  /** It is not needed any more. Called by one thread at a time. */
  void delete() {
    SideStore.Held held = file;
    if (held != null) {
      forget();
      held.delete();
    }
  }

  private void forget() {
    file = null;
    room.giveBack(bytes);
    bytes = 0;
  }
}
