// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.util.concurrent.TimeUnit;

/** Says when one child has served its time. Thread-safe. */
final class RecycleRule {
  /** Between two looks at the memory of a child. */
  private static final long MEMORY_PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final RecycleOptions options;
  private volatile long nextLookNs = System.nanoTime();
  private volatile boolean tooLarge;

  RecycleRule(RecycleOptions options) {
    this.options = options;
  }

  /** Whether children live as long as they like. */
  boolean isOff() {
    return options.afterTasks().isEmpty() && options.aboveBytes().isEmpty();
  }

  /**
   * How many more tasks the child may be sent.
   *
   * @param answered how many it has answered
   * @param inFlight how many it has and has not answered
   */
  int tasksLeft(long answered, int inFlight) {
    return options.afterTasks().isEmpty()
        ? Integer.MAX_VALUE
        : (int) Math.max(0, options.afterTasks().getAsInt() - answered - inFlight);
  }

  /** Whether the child is too large. Looks at it now and then; may read a file. */
  boolean isTooLarge(ChildProcess child) {
    if (options.aboveBytes().isEmpty() || tooLarge) {
      return tooLarge;
    }
    long now = System.nanoTime();
    if (now - nextLookNs < 0) {
      return false;
    }
    nextLookNs = now + MEMORY_PERIOD_NS;
    tooLarge = ResidentMemory.ofProcess(child.pid()) > options.aboveBytes().getAsLong();
    return tooLarge;
  }
}
