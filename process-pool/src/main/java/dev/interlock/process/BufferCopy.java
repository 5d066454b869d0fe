// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies a buffer between memory and a file, piece by piece. A thread of the common pool helps with
 * a large one, if one is free: most of such a copy is work of a processor, not of a disk.
 *
 * <p><b>Concurrency.</b> {@code next} hands out each piece once. The helper takes the copy out of
 * an offer before it begins, or finds that it was withdrawn: so the caller never waits for a helper
 * that has not begun, and what a busy pool has in its queue holds no buffer. A piece at which the
 * helper fails is the caller's. What the helper has done is seen after {@code helped}.
 */
final class BufferCopy {
  /** Apart: a child loads no logging library before it has something to say. */
  private static final class Log {
    static final Logger OF_CLASS = LoggerFactory.getLogger(BufferCopy.class);
  }

  /** To wake a helper for less costs as much as it saves. */
  static final long LEAST_SHARED_BYTES = 4 << 20;

  private static final long NOWHERE = -1;

  private final long bytes;
  private final Piece helping;
  private final AtomicLong next = new AtomicLong();
  private final CountDownLatch helped = new CountDownLatch(1);
  private long failedAt = NOWHERE;

  /** How a piece is copied. */
  @FunctionalInterface
  interface Piece {
    /**
     * Copies one piece.
     *
     * @param at where the piece begins in the buffer
     * @param chunk for use; its remaining bytes are as many as the piece has
     */
    void copy(long at, ByteBuffer chunk) throws IOException;
  }

  private BufferCopy(long bytes, Piece helping) {
    this.bytes = bytes;
    this.helping = helping;
  }

  /** Copies all pieces in their order. */
  static void inOrder(long bytes, Piece piece) throws IOException {
    new BufferCopy(bytes, piece).work(piece);
  }

  /**
   * Copies all pieces, in any order. When this returns or fails, nobody copies any more.
   *
   * @param own for this thread
   * @param helping for another one, at the same time; where it fails, {@code own} is tried
   */
  static void shared(long bytes, Piece own, Piece helping) throws IOException {
    BufferCopy copy = new BufferCopy(bytes, helping);
    if (bytes < LEAST_SHARED_BYTES || ForkJoinPool.getCommonPoolParallelism() == 0) {
      copy.work(own);
      return;
    }
    AtomicReference<@Nullable BufferCopy> offer = new AtomicReference<>(copy);
    ForkJoinPool.commonPool().execute(() -> help(offer.getAndSet(null)));
    try {
      copy.work(own);
    } finally {
      copy.next.set(bytes); // for a helper, if this thread has failed
      if (offer.getAndSet(null) == null) {
        copy.awaitHelper();
      }
    }
    if (copy.failedAt != NOWHERE) {
      copy.copyWhatHelperHasNot(own);
    }
  }

  private void copyWhatHelperHasNot(Piece own) throws IOException {
    ByteBuffer chunk = Chunks.borrow();
    try {
      own.copy(failedAt, part(failedAt, chunk));
    } finally {
      Chunks.giveBack(chunk);
    }
  }

  private static void help(@Nullable BufferCopy offered) {
    if (offered != null) {
      offered.help();
    }
  }

  private void help() {
    Thread.interrupted(); // it would close the file
    ByteBuffer chunk = Chunks.borrow();
    long at = next.getAndAdd(Chunks.BYTES);
    try {
      for (; at < bytes; at = next.getAndAdd(Chunks.BYTES)) {
        helping.copy(at, part(at, chunk));
      }
    } catch (IOException | RuntimeException | Error e) {
      failedAt = at;
      Log.OF_CLASS.debug("Tried again by the thread that wants it", e);
    } finally {
      Chunks.giveBack(chunk);
      helped.countDown();
    }
  }

  private void work(Piece own) throws IOException {
    ByteBuffer chunk = Chunks.borrow();
    try {
      for (long at = next.getAndAdd(Chunks.BYTES); at < bytes; at = next.getAndAdd(Chunks.BYTES)) {
        own.copy(at, part(at, chunk));
      }
    } finally {
      Chunks.giveBack(chunk);
    }
  }

  private ByteBuffer part(long at, ByteBuffer chunk) {
    return chunk.clear().limit((int) Math.min(Chunks.BYTES, bytes - at));
  }

  private void awaitHelper() {
    boolean interrupted = false;
    while (helped.getCount() > 0) {
      try {
        helped.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
