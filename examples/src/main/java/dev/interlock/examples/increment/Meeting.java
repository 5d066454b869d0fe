// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.increment;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where threads meet, each in a task of its own, so that their next tasks overlap: the tasks are so
 * short that one thread could do them all before another one has woken up.
 */
final class Meeting {
  private static final long LIMIT_NS = Duration.ofSeconds(30).toNanos();

  private final int threads;
  private final AtomicInteger arrived = new AtomicInteger();

  Meeting(int threads) {
    this.threads = threads;
  }

  /**
   * Spins until all are here. Under an interpreter lock they take turns in it, a switch interval
   * each, so that all of them are awake and want the lock when it ends.
   *
   * @throws IllegalStateException if one has not come for half a minute
   */
  void await() {
    arrived.incrementAndGet();
    long startNs = System.nanoTime();
    while (arrived.get() < threads) {
      if (System.nanoTime() - startNs > LIMIT_NS) {
        throw new IllegalStateException(
            "Only " + arrived.get() + " of " + threads + " threads have come to a meeting.");
      }
      Thread.onSpinWait();
    }
  }
}
