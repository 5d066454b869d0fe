// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.TaskExecutor;
import dev.interlock.gil.Contender.Counter;
import dev.interlock.spi.WorkerScope;
import org.jspecify.annotations.Nullable;

/**
 * A thread that runs task code under a lock, and what it does about the lock. Confined to the
 * thread.
 *
 * <pre>
 *   enterTask: has it                                                        leaveTask: release
 *      |                                                                          ^
 *      v      Blocking.call, Gil.allowThreads: release            acquire         |
 *   ENTITLED ------------------------------------------> LENT --------------> ENTITLED
 *      |      a blocking JDK call: release                      strays            |
 *      +----------------------------------------------> LENT --------> STRAY -----+
 *      |      blocked too long: a waiter takes it over                   |  next check: acquire
 *      +--------------------------------------------------------------> STRAY
 * </pre>
 *
 * <p><b>Stray.</b> A JDK method that has blocked does not take the lock back itself: it may hold
 * monitors of the JDK, and the holder of the lock may want one of these. The thread takes it back
 * at its next check, before it runs any more code of the task. Inside a class initializer it does
 * not take it back at all, for the same reason: the lock on the class.
 *
 * <p><b>Errors.</b> Whether the thread has the lock is what the lock says, never a field in here.
 * What begins a region first makes sure that the stack suffices for its end too; so the counters
 * are right also after a stack overflow. The begin of a task sets them all back.
 */
class GilScope extends WorkerScope {
  private final TaskExecutor executor;
  private final InterpreterLock lock;
  private final Contender contender = new Contender();

  /** It runs task code, and should have the lock. */
  private boolean entitled;

  /** How many reasons there are to run without the lock: a region without it, or our own code. */
  private int suspended;

  /** How deep it is inside blocking JDK calls. */
  private int jdkCalls;

  /** How deep it is inside class initializers. */
  private int initializers;

  /** It is counted as a stray, by itself. Another one that takes the lock over does so for it. */
  private boolean stray;

  /** {@link #lent} has been called, and {@link #takenBack} not yet. */
  private boolean isLent;

  GilScope(TaskExecutor executor, InterpreterLock lock) {
    this.executor = executor;
    this.lock = lock;
  }

  final InterpreterLock lock() {
    return lock;
  }

  @Override
  protected final TaskExecutor executor() {
    return executor;
  }

  /** The current thread begins to use the lock, as far as statistics go. */
  final void enroll() {
    lock.contenders().enter(contender, Thread.currentThread());
  }

  final void withdraw() {
    lock.contenders().leave(contender);
  }

  // A task.

  /** Takes the lock for a task that is not known yet; nobody takes it over. */
  final void acquireLock() {
    lock.acquire(contender, Waiter.Kind.ORDINARY);
  }

  /** Task code begins; the thread has the lock. */
  final void enterTask() {
    suspended = 0;
    jdkCalls = 0;
    forgetBlocking();
    entitled = true;
    contender.runs(System.nanoTime());
  }

  /** Task code has ended; afterwards the thread does not have the lock. */
  final void leaveTask() {
    entitled = false;
    NativeWaitWatch.initializersEnded(initializers); // none, unless the stack ran out
    initializers = 0;
    drop();
    takeBack();
  }

  /** Gives up what there is to give up. */
  final void drop() {
    if (contender.hold() != null) {
      long nowNs = System.nanoTime();
      lock.release(contender);
      contender.stops(nowNs);
    }
    forget();
  }

  private void dropToBlock() {
    if (contender.hold() != null) {
      contender.count(Counter.BLOCKING_RELEASES);
    }
    drop();
  }

  // A region without the lock, named by the task.

  @Override
  protected void beforeBlocking() {
    StackReserve.toBlock();
    leave();
    try {
      lend();
    } catch (Throwable e) {
      afterBlocking();
      throw e;
    }
  }

  @Override
  protected void afterBlocking() {
    try {
      takeBack();
    } finally {
      comeBack();
    }
  }

  /** As around a blocking call, but nobody takes the place of the thread: it computes. */
  final void enterAllowThreads() {
    StackReserve.toBlock();
    leave();
  }

  final void exitAllowThreads() {
    comeBack();
  }

  private void leave() {
    if (!entitled) { // a callback blocks without the lock: then there is none to drop
      return;
    }
    if (suspended++ == 0) {
      dropToBlock();
    }
  }

  private void comeBack() {
    if (!entitled) {
      return;
    }
    try {
      if (suspended == 1) {
        retake(Waiter.Kind.RETURNING);
      }
    } finally {
      suspended--;
    }
  }

  // A blocking call of the JDK. The strategy is not told: any task may block, so the number of
  // workers would bound nothing; and inside the JDK no thread is started and no mutex waited for.

  final void enterJdkCall() {
    if (entitled && suspended == 0 && jdkCalls == 0) {
      StackReserve.toBlock();
      suspended++;
      try {
        dropToBlock();
      } catch (Throwable e) {
        beStray();
        throw e;
      } finally {
        suspended--;
      }
    }
    if (entitled && suspended == 0) {
      jdkCalls++;
    }
  }

  final void exitJdkCall() {
    if (entitled && suspended == 0 && jdkCalls > 0 && --jdkCalls == 0) {
      endJdkCall();
    }
  }

  private void endJdkCall() {
    if (!lock.isHeldBy(contender)) {
      beStray();
    }
  }

  // Checks.

  final void check(int site) {
    if (!mayBeChecked()) {
      return;
    }
    suspended++;
    try {
      if (!lock.yieldIfAsked(contender, site)) {
        StackReserve.toSwitch();
        retake(Waiter.Kind.RETURNING);
      }
    } finally {
      suspended--;
    }
  }

  /** So many bytecodes are about to run. */
  final void count(int bytecodes) {
    if (mayBeChecked()) {
      suspended++;
      try {
        lock.count(contender, bytecodes);
      } finally {
        suspended--;
      }
    }
  }

  /** Takes the lock back if it was lost; hands it over to nobody. */
  final void retakeIfLost() {
    if (!mayBeChecked()) {
      return;
    }
    suspended++;
    try {
      if (!lock.confirm(contender)) {
        StackReserve.toSwitch();
        retake(Waiter.Kind.RETURNING);
      }
    } finally {
      suspended--;
    }
  }

  private boolean mayBeChecked() {
    return entitled && suspended == 0 && jdkCalls == 0 && initializers == 0;
  }

  /** Code of the task goes on after an exception, which may have cut off the end of a JDK call. */
  final void caught() {
    if (entitled && suspended == 0 && jdkCalls > 0) {
      jdkCalls = 0;
      endJdkCall();
    }
    check(SwitchPoint.NO_SITE);
  }

  final void enterInitializer() {
    initializers++;
    NativeWaitWatch.initializerBegins();
  }

  final void exitInitializer() {
    if (initializers > 0) {
      initializers--;
      NativeWaitWatch.initializersEnded(1);
    }
  }

  // Our own code.

  /** Our own code begins, on whatever thread: what blocks in there keeps the lock. */
  static @Nullable GilScope enterOwnCode() {
    if (WorkerScope.current() instanceof GilScope scope) {
      scope.suspended++;
      return scope;
    }
    return null;
  }

  /** It ends; {@code entered} is what {@link #enterOwnCode} gave. */
  static void exitOwnCode(@Nullable GilScope entered) {
    if (entered != null) {
      entered.suspended--;
    }
  }

  /** A blocking region begins; the lock is dropped. */
  protected void lent() {}

  /** The blocking region has ended. */
  protected void takenBack() {}

  private void lend() {
    if (!isLent) {
      isLent = true;
      lent();
    }
  }

  private void takeBack() {
    if (isLent) {
      isLent = false;
      takenBack();
    }
  }

  /** Takes the lock back for code of the task; inside a class initializer, later. */
  private void retake(Waiter.Kind kind) {
    if (initializers > 0) {
      beStray();
      return;
    }
    forget();
    try {
      lock.acquire(contender, kind);
    } catch (Throwable e) {
      if (!lock.isHeldBy(contender)) {
        beStray();
      }
      throw e;
    }
    contender.runs(System.nanoTime());
  }

  private void beStray() {
    if (!stray) {
      stray = true;
      EvalBreaker.strayed();
    }
  }

  private void forget() {
    if (stray) {
      stray = false;
      EvalBreaker.returned();
    }
  }
}
