// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import java.io.IOException;

/**
 * Has the buffers that a {@link BufferSink} took out of one frame. What it says is not trusted more
 * than the frame is: each byte is read once at most. Used by one thread. May block on the file
 * system.
 */
public interface BufferSource {
  /**
   * How many bytes the store has.
   *
   * @throws IOException if there is no such store, or it is not what belongs to the frame
   */
  long sizeBytes(long key) throws IOException;

  /**
   * Reads a buffer.
   *
   * @param taker is given the parts of the buffer
   * @throws IOException if the store has fewer bytes by now, or cannot be read
   */
  void load(long key, long offset, long bytes, BufferPart taker) throws IOException;

  /**
   * The frame is read, or has failed. Called once.
   *
   * @param needed whether there may be a store: the frame refers to one, or was not read whole
   */
  void end(boolean needed);
}
