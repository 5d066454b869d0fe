// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A few numbers that all threads read and some write, each two cache lines from the next and from
 * what lies around: a write must not take from a reader what it reads for each task. Thread-safe;
 * all accesses are volatile.
 */
final class SharedWords {
  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

  /** Two cache lines, which processors fetch together. */
  private static final int APART = 128 / Long.BYTES;

  private final long[] words;

  SharedWords(int count) {
    words = new long[(count + 2) * APART];
  }

  private static int place(int index) {
    return (index + 1) * APART;
  }

  int length() {
    return words.length / APART - 2;
  }

  long get(int index) {
    return (long) WORDS.getVolatile(words, place(index));
  }

  boolean compareAndSet(int index, long before, long after) {
    return WORDS.compareAndSet(words, place(index), before, after);
  }

  long addAndGet(int index, long difference) {
    return (long) WORDS.getAndAdd(words, place(index), difference) + difference;
  }

  /** Sets bits. */
  void set(int index, long bits) {
    WORDS.getAndBitwiseOr(words, place(index), bits);
  }
}
