// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread in the queue of an {@link InterpreterLock}.
 *
 * <p><b>Memory order.</b> {@code state} and {@code parked} are volatile. The waiter announces that
 * it will park and then looks at the lock once more; the other side changes the lock and then looks
 * whether it has to wake. So one of the two always sees the other.
 */
final class Waiter {

  /** Where a waiter stands; only {@link #move} changes it. */
  enum State {
    /** Behind others, or at the head of the queue for less than one switch interval. */
    QUEUED,
    /** At the head of the queue for a switch interval; has asked the holder to drop the lock. */
    ASKING,
    /** Has the lock: found it free at the head of the queue, or was given it. */
    HOLDING
  }

  private static final VarHandle STATE;
  private static final VarHandle PARKED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(Waiter.class, "state", State.class);
      PARKED = lookup.findVarHandle(Waiter.class, "parked", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Thread thread;
  private volatile State state = State.QUEUED;
  private volatile boolean parked;

  // Confined to the waiting thread.
  private boolean hasParked;
  private boolean interrupted;

  Waiter(Thread thread) {
    this.thread = thread;
  }

  Thread thread() {
    return thread;
  }

  State state() {
    return state;
  }

  /** The one way from a state to another. */
  void move(State from, State to) {
    if (!STATE.compareAndSet(this, from, to)) {
      throw new IllegalStateException(thread + " waits as " + state + ", not as " + from);
    }
  }

  /** Any thread: makes the waiter look at the lock again, if it is parked or about to be. */
  void wake() {
    if (parked && PARKED.compareAndSet(this, true, false)) {
      LockSupport.unpark(thread);
    }
  }

  boolean isAnnounced() {
    return parked;
  }

  /** The waiter will park unless it finds a reason not to; from now on {@link #wake} unparks it. */
  void announcePark() {
    parked = true;
  }

  /** Parks so long, or until woken, interrupted, or for no reason. The interrupt is set aside. */
  void park(InterpreterLock lock, long limitNs) {
    hasParked = true;
    LockSupport.parkNanos(lock, limitNs);
    parked = false;
    interrupted |= Thread.interrupted();
  }

  /**
   * Gives the thread back what waiting took from it: its interrupt, and the permit of {@link
   * LockSupport} that somebody may have meant for the thread's own code. The permit may be one too
   * many, which {@code park} allows: it may return for no reason.
   */
  void restore() {
    parked = false;
    if (interrupted) {
      thread.interrupt();
    }
    if (hasParked) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public String toString() {
    return thread + " [" + state + "]";
  }
}
