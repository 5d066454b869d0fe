// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

/** An {@link InterpreterLock} for threads that have no executor around them. */
final class PlainLock {
  private final InterpreterLock lock;
  private final ThreadLocal<Contender> contender =
      ThreadLocal.withInitial(
          () -> {
            Contender fresh = new Contender();
            lock().contenders().enter(fresh, Thread.currentThread());
            return fresh;
          });

  PlainLock(long switchIntervalNs) {
    this(SwitchPolicy.SWITCH_INTERVAL, switchIntervalNs);
  }

  PlainLock(SwitchPolicy policy, long switchIntervalNs) {
    this(new LockSettings(policy, switchIntervalNs, 100, TakeOverRule.WAITING));
  }

  PlainLock(LockSettings settings) {
    lock = new InterpreterLock("plain", settings);
  }

  InterpreterLock lock() {
    return lock;
  }

  /** As for a task that is about to begin: the lock is not taken over. */
  void acquire() {
    acquire(Waiter.Kind.ORDINARY);
  }

  void acquire(Waiter.Kind kind) {
    lock.acquire(contender.get(), kind);
  }

  /** As after a blocking call; the lock may be taken over from then on. */
  void acquireBack() {
    acquire(Waiter.Kind.RETURNING);
    expose();
  }

  void expose() {
    contender.get().runs(System.nanoTime());
  }

  void release() {
    lock.release(contender.get());
  }

  /** What a check does. */
  void check() {
    if (!lock.yieldIfAsked(contender.get(), SwitchPoint.NO_SITE)) {
      acquireBack();
    }
  }

  void yieldIfAsked() {
    lock.yieldIfAsked(contender.get(), SwitchPoint.NO_SITE);
  }

  void count(int bytecodes) {
    lock.count(contender.get(), bytecodes);
  }

  boolean isHeldByCurrentThread() {
    return lock.isHeldByCurrentThread();
  }

  void setSwitchIntervalNs(long ns) {
    lock.setSwitchIntervalNs(ns);
  }

  GilStatistics statistics() {
    return lock.contenders().statistics();
  }
}
