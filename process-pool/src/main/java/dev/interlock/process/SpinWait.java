// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.util.function.LongSupplier;

/**
 * How a thread looks again and again for what another process puts into a ring. At first it spins;
 * then it gives way at each look, because the other process may be on the same processor, and then
 * neither finds the other by spinning. If the last thing was there after another thread had run in
 * its place, the two do share a processor, and it gives way from the first look on. The first thing
 * that comes while it has its processor to itself ends that.
 *
 * <p>Not thread-safe.
 */
final class SpinWait {
  private static final long SPIN_NS = 5_000;

  /** Giving way takes longer only if another thread has run meanwhile. */
  private static final long SWITCH_NS = 1_500;

  private final LongSupplier clock;
  private boolean sharesProcessor;
  private long startNs;
  private long elapsedNs;
  private long gaveWayNs;

  SpinWait() {
    this(System::nanoTime);
  }

  /**
   * @param clock {@link System#nanoTime}
   */
  SpinWait(LongSupplier clock) {
    this.clock = clock;
  }

  /** Before the first look. */
  void begin() {
    startNs = clock.getAsLong();
    elapsedNs = 0;
    gaveWayNs = 0;
  }

  /** Whether the next {@link #pause} spins, and does not give way. */
  boolean spins() {
    return !sharesProcessor && elapsedNs <= SPIN_NS;
  }

  /** After a look that found nothing. */
  @SuppressWarnings("ThreadPriorityCheck") // the other process may be behind this one
  void pause() {
    boolean gaveWay = !spins();
    if (gaveWay) {
      Thread.yield();
    } else {
      Thread.onSpinWait();
    }
    long before = elapsedNs;
    elapsedNs = clock.getAsLong() - startNs;
    gaveWayNs = gaveWay ? elapsedNs - before : 0;
  }

  /** After a look that found something. */
  void found() {
    if (elapsedNs > 0) { // else it was there before
      sharesProcessor = gaveWayNs > SWITCH_NS;
    }
  }

  /** How long it has been looking, as of the last pause. */
  long elapsedNs() {
    return elapsedNs;
  }
}
