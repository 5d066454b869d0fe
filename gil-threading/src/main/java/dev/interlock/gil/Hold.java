// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One stretch of having an {@link InterpreterLock}: what the lock's {@code holder} is, for one
 * thread, from one compare-and-set to another.
 *
 * <p>A thread uses one for its next stretch too, as long as nobody has suspected it. Who would take
 * the lock over suspects the hold first, then looks whether the thread waits, and then whether the
 * hold is exposed. A thread that was seen waiting finds its hold suspected before it uses it again;
 * so the compare-and-set that follows can only succeed within that one stretch.
 *
 * <p><b>Memory order.</b> {@code exposed} is released by the thread of the hold and acquired by
 * whoever would take the lock over. {@code suspected} is volatile: the other side sets it and then
 * looks at the thread's state; the thread changes its state and then looks at it.
 */
class Hold {
  private static final VarHandle EXPOSED;

  static {
    try {
      EXPOSED = MethodHandles.lookup().findVarHandle(Hold.class, "exposed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Thread thread;

  @SuppressWarnings("UnusedVariable") // read through EXPOSED
  private boolean exposed;

  private volatile boolean suspected;
  private volatile long takenOverNs;

  // Written before the hold is exposed.
  private long sinceNs;
  private long keptNs;

  Hold(Thread thread) {
    this.thread = thread;
  }

  final Thread thread() {
    return thread;
  }

  /** From now on the thread runs task code: the lock may be taken over when it is blocked. */
  final void expose(long nowNs) {
    sinceNs = nowNs;
    EXPOSED.setRelease(this, true);
  }

  /** Before it is used for another stretch; a compare-and-set follows. */
  final void conceal() {
    EXPOSED.setOpaque(this, false);
    keptNs = 0;
  }

  /** False while the thread is still parked, having just been handed the lock, or in our code. */
  final boolean isExposed() {
    return (boolean) EXPOSED.getAcquire(this);
  }

  /** Another thread is about to take the lock over; the thread must change its hold to go on. */
  final void suspect(long nowNs) {
    takenOverNs = nowNs;
    suspected = true;
  }

  final boolean isSuspected() {
    return suspected;
  }

  /** When it was taken over, if it was. */
  final long takenOverNs() {
    return takenOverNs;
  }

  /** Threads that come back from a blocking call do not ask for so long; before it is exposed. */
  final void keep(long ns) {
    keptNs = ns;
  }

  final long keptNs() {
    return keptNs;
  }

  /** How long it has been exposed, if it has. */
  final long exposedForNs(long nowNs) {
    return nowNs - sinceNs;
  }

  /** A hold for the same thread to go on with, which nobody suspects. */
  final Hold renewed() {
    Hold next = new Hold(thread);
    next.keptNs = keptNs;
    next.expose(sinceNs);
    return next;
  }
}
