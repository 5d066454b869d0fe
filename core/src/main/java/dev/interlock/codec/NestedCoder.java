// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import dev.interlock.NotShareableException;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads frames inside a frame, each a graph of its own. One coder is borrowed for all of
 * them, and another one when it is damaged. Used by one thread.
 */
final class NestedCoder implements AutoCloseable {
  private final CodecKryo surrounding;
  private final @Nullable SharedNames names;
  private @Nullable Coder coder;

  /**
   * @param names where the frames' class names go; null if each has its own
   */
  NestedCoder(CodecKryo surrounding, @Nullable SharedNames names) {
    this.surrounding = surrounding;
    this.names = names;
  }

  private Coder coder() {
    Coder current = coder;
    if (current == null || !current.isIntact()) {
      close();
      current = surrounding.codec().borrow();
      current.join(surrounding, names);
      coder = current;
    }
    return current;
  }

  /**
   * Appends a frame, behind its length.
   *
   * @throws NotShareableException if {@code value} cannot cross; then nothing is appended
   */
  void write(FrameOutput output, @Nullable Object value) {
    Coder current = coder();
    int start = output.beginBlock();
    try {
      current.write(output, value);
    } catch (NotShareableException e) {
      output.rewind(start);
      throw e;
    }
    output.endBlock(start);
  }

  /**
   * Reads what {@link #write} wrote. Afterwards the input stands behind it in any case.
   *
   * @throws dev.interlock.UndecodableException if it cannot be decoded
   */
  @Nullable Object read(FrameInput input) {
    int length = input.readBlockLength();
    int start = input.position();
    input.setPosition(start + length);
    return coder().read(input.getBuffer(), start, length, input.buffersOrNull());
  }

  @Override
  public void close() {
    if (coder != null) {
      surrounding.codec().giveBack(coder);
      coder = null;
    }
  }
}
