// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits for a future. It parks as {@link ForkJoinPool} wants its own threads to, so
 * that a pool whose worker waits for a task of ours may start another one.
 *
 * <p>{@code thread} is volatile: the one who fires reads it, and unparks at most once too often.
 * The other fields belong to the thread.
 */
final class ParkedThread extends FutureWaiter implements ForkJoinPool.ManagedBlocker {
  /** No limit, in place of a deadline. */
  static final long FOR_EVER = 0;

  private final RunFuture<?> future;
  private final boolean interruptible;
  private final long deadlineNs;
  private volatile @Nullable Thread thread = Thread.currentThread();
  private boolean interrupted;

  /**
   * The current thread waits.
   *
   * @param deadlineNs by {@link System#nanoTime}, or {@link #FOR_EVER}
   */
  ParkedThread(RunFuture<?> future, boolean interruptible, long deadlineNs) {
    this.future = future;
    this.interruptible = interruptible;
    this.deadlineNs = deadlineNs;
  }

  /**
   * Parks until the future is done, or the deadline has passed. An interrupt ends the wait, if it
   * may; if not, it is kept.
   */
  void park() throws InterruptedException {
    ForkJoinPool.managedBlock(this);
    if (!interrupted) {
      return;
    }
    if (interruptible && !future.isDone()) {
      throw new InterruptedException();
    }
    Thread.currentThread().interrupt();
  }

  @Override
  public boolean isReleasable() {
    interrupted |= Thread.interrupted();
    return future.isDone()
        || (interrupted && interruptible)
        || (deadlineNs != FOR_EVER && deadlineNs - System.nanoTime() <= 0);
  }

  @Override
  public boolean block() {
    while (!isReleasable()) {
      if (deadlineNs == FOR_EVER) {
        LockSupport.park(future);
      } else {
        LockSupport.parkNanos(future, deadlineNs - System.nanoTime());
      }
    }
    return true;
  }

  void giveUp() {
    thread = null;
  }

  @Override
  boolean isDead() {
    return thread == null;
  }

  @Override
  void fire() {
    Thread waiting = thread;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }
}
