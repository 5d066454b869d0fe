// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

/**
 * Takes the large buffers of one frame out of it, after PEP 574's out-of-band buffers: arrays of
 * primitives and direct byte buffers, which the frame then names by their store, offset and length.
 * Used by one thread.
 */
public interface BufferSink {
  /** What {@link #store} returns for a buffer that it does not take: that goes into the frame. */
  long REFUSED = -1;

  /** The name of the store that the buffers go to, for {@link BufferSource}. */
  long key();

  /**
   * Stores a buffer, or leaves it to the frame: because it is small, or because it cannot be stored
   * now. May block on the file system.
   *
   * @param content writes the buffer into the parts that it is given
   * @return where the buffer begins, behind all that were stored before; or {@link #REFUSED}
   */
  long store(long bytes, BufferPart content);

  /**
   * The frame is written, or has failed. Called once.
   *
   * @param needed whether the frame refers to a buffer here; if not, nothing need be kept
   */
  void end(boolean needed);
}
