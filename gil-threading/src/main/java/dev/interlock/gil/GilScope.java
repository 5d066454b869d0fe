// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.TaskExecutor;
import dev.interlock.spi.WorkerScope;

/** A thread that runs task code under a lock; drops the lock around blocking calls. */
class GilScope extends WorkerScope {
  private final TaskExecutor executor;
  private final InterpreterLock lock;
  private boolean dropped;

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

  /** A callback blocks without the lock: then there is none to drop. */
  @Override
  protected void beforeBlocking() {
    dropped = lock.isHeldByCurrentThread();
    if (dropped) {
      lock.release();
    }
  }

  @Override
  protected void afterBlocking() {
    if (dropped) {
      lock.acquire();
    }
  }
}
