// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of the frame that is being read, and of the frames within it. They are read in the
 * order in which they lie, none of them twice: together they are never larger than their store.
 */
final class BufferCursor {
  private final BufferSource source;
  private long nextByte;
  private boolean used;
  private boolean incomplete;

  BufferCursor(BufferSource source) {
    this.source = source;
  }

  /**
   * Reads a buffer that the frame refers to here.
   *
   * @param bytes its length, for which no memory is allocated before it is known to be there
   */
  <A> A load(
      FrameInput frame, long bytes, @Nullable DecodeBudget budget, Buffers.Making<A> making) {
    long key = frame.readVarLong(true);
    long offset = frame.readVarLong(true);
    used = true;
    try {
      long size = source.sizeBytes(key);
      if (bytes < 0 || offset < nextByte || bytes > size - offset) {
        throw new KryoException(
            "A buffer of " + bytes + " bytes at " + offset + " is not there, of " + size);
      }
      nextByte = offset + bytes;
      if (budget != null) {
        budget.extend(bytes);
      }
      return making.make(part -> source.load(key, offset, bytes, part));
    } catch (IOException e) {
      throw new KryoException("A buffer that belongs to it cannot be read: " + e.getMessage(), e);
    }
  }

  /** Something was not read to its end: what it refers to is not known. */
  void incomplete() {
    incomplete = true;
  }

  void end() {
    source.end(used || incomplete);
  }
}
