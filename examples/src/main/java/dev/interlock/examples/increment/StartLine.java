// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.increment;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where threads meet in their first tasks, so that they begin together: the tasks of an attempt are
 * so short that one thread could do them all before another one has woken up.
 */
final class StartLine {
  private static final long LIMIT_NS = Duration.ofSeconds(30).toNanos();

  private final int threads;
  private final AtomicInteger arrived = new AtomicInteger();
  private volatile boolean open;

  StartLine(int threads) {
    this.threads = threads;
  }

  /**
   * Spins until all are here and the line is open. Under an interpreter lock they take turns in it.
   *
   * @throws IllegalStateException if one has not come for half a minute
   */
  void await() {
    arrived.incrementAndGet();
    long startNs = System.nanoTime();
    while (!open || arrived.get() < threads) {
      if (System.nanoTime() - startNs > LIMIT_NS) {
        throw new IllegalStateException(
            arrived.get() + " of " + threads + " threads have come to the start.");
      }
      Thread.onSpinWait();
    }
  }

  void open() {
    open = true;
  }
}
