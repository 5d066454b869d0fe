// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded, lock-free pool. Not thread-locals: those would stay on the threads of a worker pool
 * after their codec is gone, and pin its class loader. When more coders are in use than fit, the
 * surplus is made and dropped.
 */
final class CoderPool {
  private final AtomicReferenceArray<@Nullable Coder> slots;
  private final TaskCodec codec;

  CoderPool(int size, TaskCodec codec) {
    this.slots = new AtomicReferenceArray<>(size);
    this.codec = codec;
  }

  Coder borrow() {
    int size = slots.length();
    int start = start(size);
    for (int i = 0; i < size; i++) {
      int slot = (start + i) % size;
      if (slots.getPlain(slot) != null) {
        Coder coder = slots.getAndSet(slot, null);
        if (coder != null) {
          return coder;
        }
      }
    }
    return codec.newCoder();
  }

  /** Gives back a coder; it is dropped unless it is intact. */
  void release(Coder coder) {
    if (!coder.isIntact()) {
      return;
    }
    coder.recycle();
    int size = slots.length();
    int start = start(size);
    for (int i = 0; i < size; i++) {
      int slot = (start + i) % size;
      if (slots.getPlain(slot) == null && slots.compareAndSet(slot, null, coder)) {
        return;
      }
    }
  }

  /** Threads start at different slots, so that they seldom meet. */
  private static int start(int size) {
    return (int) (Thread.currentThread().getId() % size);
  }
}
