// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work on its way to an interpreter's thread, and its reply on the way back. The
 * caller waits: it looks some 2,000 times, then parks.
 *
 * <p>No wake-up is lost: the caller writes {@code waiter} and then reads {@code reply}, the
 * interpreter writes {@code reply} and then reads {@code waiter}; both are volatile, so one of them
 * sees the other. Likewise {@code interrupted} and the slot of the interpreter's thread.
 */
final class Exchange {
  /** How often to look before parking; CPUs take 20 to 100 us for that. */
  static final int SPINS = 2_000;

  /**
   * Every so often the CPU is offered to the thread that is waited for: it may have woken there.
   */
  private static final int SPINS_PER_YIELD = 32;

  private final Work work;
  private volatile @Nullable Reply reply;
  private volatile @Nullable Thread waiter;
  private volatile boolean interrupted;

  Exchange(Work work) {
    this.work = work;
  }

  Work work() {
    return work;
  }

  /** Between one look and the next one. */
  @SuppressWarnings("ThreadPriorityCheck") // a hint is all it is to be
  static void pause(int spins) {
    if (spins % SPINS_PER_YIELD == SPINS_PER_YIELD - 1) {
      Thread.yield();
    } else {
      Thread.onSpinWait();
    }
  }

  /** The interpreter's: the work is done. */
  void complete(Reply result) {
    reply = result;
    Thread thread = waiter;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  /** The interpreter's, once the work is in its thread's slot: whether to interrupt it. */
  boolean wasInterrupted() {
    VarHandle.fullFence(); // the slot is entered with less than a volatile write
    return interrupted;
  }

  /**
   * The caller's: waits for the reply. An interrupt is passed on to the work, and kept for the
   * caller.
   *
   * @param interrupt interrupts the work if it runs now
   */
  Reply await(Runnable interrupt) {
    for (int i = 0; i < SPINS; i++) {
      Reply result = reply;
      if (result != null) {
        return result;
      }
      pause(i);
    }
    waiter = Thread.currentThread();
    boolean wasInterrupted = false;
    while (reply == null) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        wasInterrupted = true;
        interrupted = true;
        interrupt.run();
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    return Objects.requireNonNull(reply);
  }
}
