// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

/** When the lock changes hands although the holder could go on. */
enum SwitchPolicy {
  /** The longest waiter asks once it has waited for a switch interval: CPython since 3.2. */
  SWITCH_INTERVAL,

  /**
   * As {@link #SWITCH_INTERVAL}, but a thread that comes back from a blocking call goes before
   * those that compute, and asks once the holder has had the lock for {@link #SLICE_NS}. A thread
   * that computes and has waited for a whole switch interval goes before it.
   */
  RESPONSIVE,

  /** The holder hands over after so many bytecodes, if anybody waits: CPython before 3.2. */
  CHECK_INTERVAL;

  /** How long the holder computes before a thread that comes back may ask for the lock. */
  static final long SLICE_NS = 50_000;

  boolean asksByTime() {
    return this != CHECK_INTERVAL;
  }

  boolean returningFirst() {
    return this == RESPONSIVE;
  }

  /** Whether a waiter of that kind is expected to give the lock back at once. */
  boolean isShortTurn(Waiter.Kind kind) {
    return this == RESPONSIVE && kind == Waiter.Kind.RETURNING;
  }

  /**
   * How long a waiter of that kind is at the head before it asks; if its turn will be short, how
   * long the holder has had the lock.
   */
  long patienceNs(Waiter.Kind kind, long switchIntervalNs) {
    return isShortTurn(kind) ? Math.min(SLICE_NS, switchIntervalNs) : switchIntervalNs;
  }
}
