// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

/** When the lock may be taken away from a thread that cannot come to a check. */
enum TakeOverRule {
  /**
   * It waits, for whatever. It must take the lock back before it runs more code of the task, so
   * there must be a check behind everything that blocks: the rule for instrumented code.
   */
  WAITING {
    @Override
    boolean allows(Thread holder) {
      return waits(holder);
    }
  },

  /**
   * It waits for a monitor or lock whose owner, or the owner of what that one waits for, waits for
   * an interpreter lock: nobody could ever go on. The rule where checks are written by hand.
   */
  DEADLOCKED {
    @Override
    boolean allows(Thread holder) {
      return waits(holder)
          && (OWNERS_ARE_KNOWN
              ? Owners.leadToAnInterpreterLock(holder)
              : holder.getState() == Thread.State.BLOCKED);
    }
  };

  private static final boolean OWNERS_ARE_KNOWN =
      ModuleLayer.boot().findModule("java.management").isPresent();

  /** Looks at the thread now; called by a thread that waits for the lock. */
  abstract boolean allows(Thread holder);

  static boolean waits(Thread thread) {
    return switch (thread.getState()) {
      case BLOCKED, WAITING, TIMED_WAITING -> true;
      case NEW, RUNNABLE, TERMINATED -> false;
    };
  }

  /** Who waits for what others have; apart, since a JVM may have no {@code java.management}. */
  private static final class Owners {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int LONGEST_CHAIN = 64;

    private static boolean leadToAnInterpreterLock(Thread holder) {
      ThreadInfo info = THREADS.getThreadInfo(holder.getId());
      if (info == null) { // a virtual thread: its owners are not known
        return holder.getState() == Thread.State.BLOCKED;
      }
      long me = Thread.currentThread().getId(); // it waits for an interpreter lock, and looks
      for (int i = 0; i < LONGEST_CHAIN && info.getLockOwnerId() >= 0; i++) {
        if (info.getLockOwnerId() == me) {
          return true;
        }
        info = THREADS.getThreadInfo(info.getLockOwnerId());
        if (info == null) {
          return false;
        }
        LockInfo awaited = info.getLockInfo();
        if (awaited != null && awaited.getClassName().equals(InterpreterLock.class.getName())) {
          return true;
        }
      }
      return false;
    }
  }
}
