// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread in the queue of an {@link InterpreterLock}; at the end of its wait it is the lock's
 * holder.
 *
 * <p><b>Memory order.</b> {@code parked} is volatile. The waiter announces that it will park and
 * then looks at the lock once more; the other side changes the lock and then looks whether it has
 * to wake. So one of the two always sees the other. {@code state} is written by the waiter alone.
 */
final class Waiter extends Hold {

  /** Where a waiter stands. */
  enum State {
    /** Behind others, or at the head of the queue for too short a time to ask. */
    QUEUED,
    /** At the head of the queue; has asked the holder to drop the lock. */
    ASKING,
    /** Has the lock, and has left the queue. */
    HOLDING
  }

  /** Who goes first, where the policy tells the two apart. */
  enum Kind {
    /** Has run until it was asked to drop the lock, or is about to begin a task. */
    ORDINARY,
    /** Comes back from a blocking call. */
    RETURNING
  }

  private static final VarHandle PARKED;

  static {
    try {
      PARKED = MethodHandles.lookup().findVarHandle(Waiter.class, "parked", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Kind kind;
  private volatile State state = State.QUEUED;
  private volatile boolean parked;

  // Written by who hands the lock over, before it does so.
  private boolean forced;
  private int site = SwitchPoint.NO_SITE;

  // Confined to the waiting thread.
  private boolean hasParked;
  private boolean interrupted;

  Waiter(Thread thread, Kind kind) {
    super(thread);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  boolean isAsking() {
    return state == State.ASKING;
  }

  /** The one way from a state to the next; called by the waiting thread. */
  void move(State from, State to) {
    if (state != from) {
      throw new IllegalStateException(thread() + " waits as " + state + ", not as " + from);
    }
    state = to;
  }

  State state() {
    return state;
  }

  /** How it gets the lock, for those who want to know: handed over at {@code site}. */
  void handedOver(boolean byForce, int fromSite) {
    forced = byForce;
    site = fromSite;
  }

  boolean isForced() {
    return forced;
  }

  int site() {
    return site;
  }

  /** Any thread: makes the waiter look at the lock again, if it is parked or about to be. */
  void wake() {
    if (parked && PARKED.compareAndSet(this, true, false)) {
      LockSupport.unpark(thread());
    }
  }

  boolean isAnnounced() {
    return parked;
  }

  /** The waiter will park unless it finds a reason not to; from now on {@link #wake} unparks it. */
  void announcePark() {
    parked = true;
  }

  /**
   * Parks so long (for ever: {@code Long.MAX_VALUE}), or until woken, interrupted, or for no
   * reason. The interrupt is set aside.
   */
  void park(InterpreterLock lock, long limitNs) {
    hasParked = true;
    if (limitNs == Long.MAX_VALUE) {
      LockSupport.park(lock);
    } else {
      LockSupport.parkNanos(lock, limitNs);
    }
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
      thread().interrupt();
    }
    if (hasParked) {
      LockSupport.unpark(thread());
    }
  }

  @Override
  public String toString() {
    return thread() + " [" + state + "]";
  }
}
