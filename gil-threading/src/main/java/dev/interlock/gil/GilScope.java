// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.TaskExecutor;
import dev.interlock.spi.WorkerScope;

/**
 * A thread that runs task code under a lock, and what it does about the lock. Confined to the
 * thread.
 *
 * <pre>
 *   enterTask: acquire                                                       leaveTask: release
 *      |                                                                          ^
 *      v      Blocking.call, Gil.allowThreads: release            acquire         |
 *   ENTITLED ------------------------------------------> LENT --------------> ENTITLED
 *      |      a blocking JDK call: release                      strays            |
 *      +----------------------------------------------> LENT --------> STRAY -----+
 *                                                               next check: acquire
 * </pre>
 *
 * <p><b>Stray.</b> A JDK method that has blocked does not take the lock back itself: it may hold
 * monitors of the JDK, and the holder of the lock may want one of these. The thread takes it back
 * at its next check, before it runs any more code of the task. Inside a class initializer it does
 * not take it back at all, for the same reason: the lock on the class.
 */
class GilScope extends WorkerScope {
  private final TaskExecutor executor;
  private final InterpreterLock lock;

  /** It runs task code, and should have the lock. */
  private boolean entitled;

  /** How many reasons there are to run without the lock: a blocking region, or waiting for it. */
  private int suspended;

  /** How deep it is inside blocking JDK calls. */
  private int jdkCalls;

  /** How deep it is inside class initializers. */
  private int initializers;

  /** It is counted as a stray. */
  private boolean stray;

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

  /** Task code begins; the thread has the lock. */
  final void enterTask() {
    entitled = true;
    suspended = 0;
    jdkCalls = 0;
    initializers = 0;
  }

  /** Task code has ended; afterwards the thread does not have the lock. */
  final void leaveTask() {
    entitled = false;
    dropOrForget();
  }

  // A blocking region, named by the task.

  @Override
  protected void beforeBlocking() {
    if (entitled) { // a callback blocks without the lock: then there is none to drop
      suspended++;
      dropOrForget();
    }
    lent();
  }

  @Override
  protected void afterBlocking() {
    takenBack();
    if (entitled) {
      lock.acquire();
      suspended--;
    }
  }

  // A blocking call of the JDK.

  final void enterJdkCall() {
    if (entitled && suspended == 0 && jdkCalls++ == 0) {
      dropOrForget();
      lent();
    }
  }

  final void exitJdkCall() {
    if (entitled && suspended == 0 && jdkCalls > 0 && --jdkCalls == 0) {
      takenBack();
      beStray();
    }
  }

  // Checks.

  final void check() {
    if (entitled && suspended == 0 && jdkCalls == 0 && initializers == 0) {
      suspended++;
      try {
        if (lock.isHeldByCurrentThread()) {
          lock.yieldIfAsked();
        } else {
          forget();
          lock.acquire();
        }
      } finally {
        suspended--;
      }
    }
  }

  /** Code of the task goes on after an exception, which may have cut off the end of a JDK call. */
  final void caught() {
    jdkCalls = 0;
    check();
  }

  /** Fine mode. */
  final void access(int site) {
    check();
  }

  final void enterInitializer() {
    initializers++;
  }

  final void exitInitializer() {
    if (initializers > 0) {
      initializers--;
    }
  }

  /** A blocking call begins; the lock is dropped. */
  protected void lent() {}

  /** The blocking call has ended. */
  protected void takenBack() {}

  private void dropOrForget() {
    if (lock.isHeldByCurrentThread()) {
      lock.release();
    } else {
      forget();
    }
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
