// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How starts of children are put off after starts that failed: 10 ms, 20 ms, 40 ms and so on, a
 * second at most, one start at a time. Children that have become ready and died of a task are not
 * its business. Guarded by the roster's lock.
 */
final class SpawnBackOff {
  /** So many failures in a row, with no worker that runs, and there is no hope. */
  static final int MOST_IN_A_ROW = 5;

  private static final long FIRST_NS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST_DOUBLINGS = 10;

  private int failures;
  private long lastFailureNs;
  private long notBeforeNs;
  private @Nullable StartFailure first;

  /** A child has become ready. */
  void succeeded() {
    failures = 0;
    first = null;
  }

  /**
   * A start has failed.
   *
   * @param startedNs when it began; of starts side by side only the first failure counts
   */
  void failed(StartFailure failure, long startedNs, long nowNs) {
    if (failures > 0 && startedNs - lastFailureNs < 0) {
      return;
    }
    long delayNs = Math.min(LONGEST_NS, FIRST_NS << Math.min(failures, MOST_DOUBLINGS));
    failures++;
    lastFailureNs = nowNs;
    notBeforeNs = nowNs + delayNs;
    if (first == null) {
      first = failure;
    }
  }

  /** Whether the last start has failed. */
  boolean isActive() {
    return failures > 0;
  }

  /** How long the next start must wait; 0 if it need not. */
  long waitNs(long nowNs) {
    return failures == 0 ? 0 : Math.max(0, notBeforeNs - nowNs);
  }

  /** The first failure of too many in a row; null if there is hope. */
  @Nullable StartFailure tooMany() {
    return failures < MOST_IN_A_ROW ? null : first;
  }
}
