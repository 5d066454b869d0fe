// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.Blocking;
import dev.interlock.spi.TaskRun;
import dev.interlock.spi.WorkerScope;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A task whose body runs under the lock. The lock is dropped before the future is completed, so
 * callbacks run with nothing held.
 */
final class GilRun<T extends @Nullable Object> extends TaskRun<T> {
  private final GilExecutor executor;
  private final InterpreterLock lock;

  GilRun(GilExecutor executor, InterpreterLock lock, Callable<? extends T> body) {
    super(executor, body);
    this.executor = executor;
    this.lock = lock;
  }

  boolean belongsTo(GilExecutor other) {
    return executor == other;
  }

  @Override
  protected T callBody(Callable<? extends T> body) throws Exception {
    if (!lock.isHeldByCurrentThread()) {
      return Blocking.call(() -> callOnBorrowedThread(body));
    }
    if (!(WorkerScope.current() instanceof GilWorker worker && worker.isStarting(this))) {
      return body.call(); // inside another task, which keeps the lock
    }
    worker.enterTask();
    try {
      return body.call();
    } finally {
      worker.leaveTask();
    }
  }

  /**
   * Somebody runs the queued task himself: it is a {@link Runnable}. If his thread holds the lock
   * of another executor, it has dropped it: no thread ever waits for one interpreter lock while
   * holding another.
   */
  private T callOnBorrowedThread(Callable<? extends T> body) throws Exception {
    WorkerScope before = WorkerScope.current();
    GilScope borrowed = new GilScope(executor, lock);
    StackReserve.toBlock();
    borrowed.enroll();
    try {
      borrowed.acquireLock();
      borrowed.bind();
      borrowed.enterTask();
      return body.call();
    } finally {
      borrowed.leaveTask();
      borrowed.withdraw();
      if (before == null) {
        WorkerScope.unbind();
      } else {
        before.bind();
      }
    }
  }
}
