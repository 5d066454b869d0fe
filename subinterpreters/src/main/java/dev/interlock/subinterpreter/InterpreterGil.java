// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of one interpreter (PEP 684): the thread that holds it runs the interpreter's code.
 *
 * <p>Waiters get it in the order in which they came. A holder keeps it until its task ends, makes a
 * blocking call, or comes to a {@link #checkpoint} at which somebody has waited and the holder has
 * had the lock for a switch interval: then the one who has waited longest gets it. The JVM has no
 * eval breaker, so a task that comes to no checkpoint is not interrupted.
 */
final class InterpreterGil {
  private final ReentrantLock lock = new ReentrantLock(true);
  private final long switchIntervalNs;

  /** When the holder got it; guarded by the lock. */
  private long heldSinceNs;

  InterpreterGil(long switchIntervalNs) {
    this.switchIntervalNs = switchIntervalNs;
  }

  /** Waits for the lock; an interrupt does not end the wait and stays set. */
  void acquire() {
    lock.lock();
    heldSinceNs = System.nanoTime();
  }

  void release() {
    lock.unlock();
  }

  /** The holder lets others have it if it is their turn, and goes on when it is its own again. */
  void checkpoint() {
    if (lock.hasQueuedThreads() && System.nanoTime() - heldSinceNs >= switchIntervalNs) {
      release();
      acquire();
    }
  }

  /** Whether code of the interpreter runs that is not in a blocking call. */
  boolean isHeld() {
    return lock.isLocked();
  }

  @Override
  public String toString() {
    return lock.isLocked() ? "held" : "free";
  }
}
