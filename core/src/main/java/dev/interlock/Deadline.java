// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import java.time.Duration;

/**
 * A point in time by which something must be done. Immutable; counts on {@link System#nanoTime}.
 */
public final class Deadline {
  private final Duration limit;
  private final long startNs;
  private final long limitNs;

  private Deadline(Duration limit) {
    this.limit = limit;
    this.startNs = System.nanoTime();
    long ns;
    try {
      ns = limit.toNanos();
    } catch (ArithmeticException e) {
      ns = Long.MAX_VALUE;
    }
    this.limitNs = ns;
  }

  /**
   * The deadline so long from now.
   *
   * @throws IllegalArgumentException if {@code limit} is negative
   */
  public static Deadline after(Duration limit) {
    if (limit.isNegative()) {
      throw new IllegalArgumentException("timeout is " + limit + ", but must be zero or positive");
    }
    return new Deadline(limit);
  }

  /** The length it was made with. */
  public Duration limit() {
    return limit;
  }

  /** Nanoseconds left; zero or less once it has passed. */
  public long remainingNs() {
    return limitNs - (System.nanoTime() - startNs);
  }

  /** Whether it has passed. */
  public boolean hasPassed() {
    return remainingNs() <= 0;
  }
}
