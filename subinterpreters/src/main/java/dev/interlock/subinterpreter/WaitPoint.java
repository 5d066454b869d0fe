// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where threads wait until something is so: one at a time spins a little and then parks, the others
 * queue behind it for its lock.
 *
 * <p><b>No wake-up is lost:</b> who makes it so does that before {@link #wake} looks for the
 * waiter, and the waiter registers before it looks whether it is so; so one of them sees the other.
 * Each waiter acts on what it has waited for before it leaves, and the next one looks for itself.
 *
 * <p>What another process makes so wakes nobody: with {@code recheckNs} the waiter looks that
 * often.
 */
final class WaitPoint {
  /** Never looks by itself. */
  static final long NEVER = Long.MAX_VALUE;

  /** Looks this often before parking: tens of microseconds. */
  static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 2_000 : 0;

  /**
   * At most so often. Waking a parked thread takes longer than {@link #SPINS}: of two threads that
   * answer each other each would park before the other is awake, for ever.
   */
  private static final int MOST_SPINS = 8 * SPINS;

  /** Who was woken sooner than this after it had parked would better have spun on. */
  private static final long SHORT_PARK_NS = 200_000;

  private final BooleanSupplier ready;
  private final long recheckNs;
  private final ReentrantLock lock = new ReentrantLock();

  /** Adapts to how long the last one had to park; guarded by the lock. */
  private int spins = SPINS;

  /** Who is about to park or has; written under the lock. */
  private volatile @Nullable Thread waiter;

  WaitPoint(BooleanSupplier ready, long recheckNs) {
    this.ready = ready;
    this.recheckNs = recheckNs;
  }

  /**
   * Becomes the one that waits; false if others were before it for as long as {@code timeoutNs}.
   */
  boolean enter(long timeoutNs) throws InterruptedException {
    if (timeoutNs == Long.MAX_VALUE) {
      lock.lockInterruptibly();
      return true;
    }
    return lock.tryLock(timeoutNs, TimeUnit.NANOSECONDS);
  }

  /** Lets the next one wait. */
  void leave() {
    lock.unlock();
  }

  /**
   * Between {@link #enter} and {@link #leave}: whether it became so before the time was up, which
   * runs from {@code startNs}. What {@code ready} throws ends the wait as well.
   */
  boolean await(long startNs, long timeoutNs) throws InterruptedException {
    for (int spin = 0; spin < spins; spin++) {
      Thread.onSpinWait();
      if (ready.getAsBoolean()) {
        return true;
      }
    }
    long parkedNs = System.nanoTime();
    waiter = Thread.currentThread();
    try {
      while (!ready.getAsBoolean()) {
        if (Thread.interrupted()) {
          throw new InterruptedException("Interrupted while waiting");
        }
        long leftNs =
            timeoutNs == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : timeoutNs - (System.nanoTime() - startNs);
        if (leftNs <= 0) {
          return false;
        }
        long parkNs = Math.min(leftNs, recheckNs);
        if (parkNs == Long.MAX_VALUE) {
          LockSupport.park(this);
        } else {
          LockSupport.parkNanos(this, parkNs);
        }
      }
      boolean soon = System.nanoTime() - parkedNs < SHORT_PARK_NS;
      spins = soon ? Math.min(2 * spins, MOST_SPINS) : SPINS;
      return true;
    } finally {
      waiter = null;
    }
  }

  /** It has become so, or will never. */
  void wake() {
    Thread parked = waiter;
    if (parked != null) {
      LockSupport.unpark(parked);
    }
  }
}
