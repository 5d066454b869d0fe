// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import java.nio.ByteBuffer;

/**
 * Reads or writes one part of a large buffer. Each byte is in one part; the parts come in any
 * order, by several threads at once.
 */
@FunctionalInterface
public interface BufferPart {
  /**
   * Fills or empties {@code part}, from its position to its limit.
   *
   * @param at the index of the part's first byte in the whole buffer
   * @param part in little-endian byte order; valid during the call only
   */
  void at(long at, ByteBuffer part);
}
