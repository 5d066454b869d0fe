// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

/**
 * Which lanes no thread holds: one bit each. Thread-safe, lock-free; all accesses are volatile.
 * Claiming a lane that another thread has released gives a happens-before between the two.
 */
final class VacantLanes {
  static final int NONE = -1;

  private final SharedWords words;
  private final boolean isOneWord;

  /** All of {@code count} lanes are vacant. */
  VacantLanes(int count) {
    words = new SharedWords((count + Long.SIZE - 1) / Long.SIZE);
    isOneWord = words.length() == 1;
    for (int lane = 0; lane < count; lane++) {
      words.set(lane / Long.SIZE, 1L << lane);
    }
  }

  boolean any() {
    if (isOneWord) { // on every machine of up to 64 processors; each submit asks
      return words.get(0) != 0;
    }
    for (int i = 0; i < words.length(); i++) {
      if (words.get(i) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Claims a vacant lane, {@code preferred} if it is vacant; {@link #NONE} if there is none. */
  int claim(int preferred) {
    if (claimExactly(preferred)) {
      return preferred;
    }
    for (int i = 0; i < words.length(); i++) {
      for (long word = words.get(i); word != 0; word = words.get(i)) {
        int lane = i * Long.SIZE + Long.numberOfTrailingZeros(word);
        if (claimExactly(lane)) {
          return lane;
        }
      }
    }
    return NONE;
  }

  private boolean claimExactly(int lane) {
    long bit = 1L << lane;
    for (long word = words.get(lane / Long.SIZE);
        (word & bit) != 0;
        word = words.get(lane / Long.SIZE)) {
      if (words.compareAndSet(lane / Long.SIZE, word, word & ~bit)) {
        return true;
      }
    }
    return false;
  }

  void release(int lane) {
    words.set(lane / Long.SIZE, 1L << lane);
  }
}
