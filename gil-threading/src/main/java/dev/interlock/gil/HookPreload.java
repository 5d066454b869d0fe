// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs once what the gate's hook may have to do, on a lock of its own: the hook is called inside
 * the JDK's blocking methods, in the middle of class loading too, and must not be the first to use
 * a class there.
 */
final class HookPreload {
  private static final AtomicBoolean DONE = new AtomicBoolean();

  private HookPreload() {}

  /** One lock passes between two threads, by request; a thread strays. */
  static void once() {
    if (!DONE.compareAndSet(false, true)) {
      return;
    }
    EvalBreaker.strayed();
    EvalBreaker.returned();
    StackReserve.toBlock();
    StackReserve.toSwitch();
    InterpreterLock lock =
        new InterpreterLock(
            "preload",
            new LockSettings(SwitchPolicy.SWITCH_INTERVAL, 0, 100, TakeOverRule.WAITING));
    Contender me = new Contender();
    Thread other = new Thread(() -> passThrough(lock), "interlock-preload");
    other.setDaemon(true);
    lock.acquire(me, Waiter.Kind.ORDINARY);
    other.start();
    while (other.isAlive()) {
      lock.yieldIfAsked(me, SwitchPoint.NO_SITE);
    }
    lock.release(me);
  }

  private static void passThrough(InterpreterLock lock) {
    Contender me = new Contender();
    lock.acquire(me, Waiter.Kind.ORDINARY);
    lock.release(me);
  }
}
