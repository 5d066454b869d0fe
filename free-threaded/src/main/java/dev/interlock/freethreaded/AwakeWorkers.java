// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

/**
 * Counts the threads that are not asleep, and so may run or submit tasks; changed when one wakes or
 * falls asleep, never for a task. Thread-safe, lock-free, volatile.
 */
final class AwakeWorkers {
  private static final long ONE = 1;
  private static final long WOKEN = 1L << 32;

  /** The lower half counts those awake, the upper one how often anybody woke. */
  private final SharedWords word = new SharedWords(1);

  /** One is about to wake. */
  void oneWakes() {
    word.addAndGet(0, WOKEN + ONE);
  }

  /** One has fallen asleep, or was not woken after all. True if nobody is awake any more. */
  boolean oneSleeps() {
    return isNobodyAwake(word.addAndGet(0, -ONE));
  }

  /** A mark that changes when anybody wakes or falls asleep. */
  long mark() {
    return word.get(0);
  }

  static boolean isNobodyAwake(long mark) {
    return (int) mark == 0;
  }
}
