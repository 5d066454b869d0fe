// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Direct buffers that stand between arrays and files. They are small enough for the processor's
 * cache, and used again. Thread-safe; nothing waits.
 */
final class Chunks {
  /** A multiple of every element's size. */
  static final int BYTES = 128 << 10;

  private static final int MOST_KEPT = 8;
  private static final ArrayBlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(MOST_KEPT);

  private Chunks() {}

  static ByteBuffer borrow() {
    ByteBuffer chunk = free.poll();
    return chunk == null
        ? ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN)
        : chunk.clear();
  }

  @SuppressWarnings("ReturnValueIgnored") // one too many is left to the collector
  static void giveBack(ByteBuffer chunk) {
    free.offer(chunk);
  }
}
