// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import dev.interlock.spi.WorkerScope;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Says "this blocks", as {@code Py_BEGIN_ALLOW_THREADS} does in CPython.
 *
 * <p>Under the interpreter lock, the lock is released around the call, so that other tasks run
 * while this one waits. Where there is no lock, the executor may start another worker in the
 * meantime, so that blocked tasks do not use up the pool. Each {@link CriticalSection} of the
 * thread is given up around it. Outside a task, and in a child process, the call is simply made.
 * Calls may be nested. Thread-safe.
 */
public final class Blocking {
  private Blocking() {}

  /**
   * Calls {@code body} on this thread and returns its result.
   *
   * <p>Blocks as long as {@code body} does, and until the lock is held again where there is one. An
   * interrupt is left to {@code body}; waiting for the lock keeps it set.
   *
   * @throws Exception what {@code body} throws
   */
  public static <T extends @Nullable Object> T call(Callable<T> body) throws Exception {
    WorkerScope scope = WorkerScope.current();
    if (scope == null) {
      return WorkerScope.outside(body);
    }
    scope.enterBlocking();
    try {
      return body.call();
    } finally {
      scope.exitBlocking();
    }
  }

  /** {@link #call} for a body without a result and without checked exceptions. */
  public static void run(Runnable body) {
    WorkerScope scope = WorkerScope.current();
    if (scope == null) {
      WorkerScope.outside(body);
      return;
    }
    scope.enterBlocking();
    try {
      body.run();
    } finally {
      scope.exitBlocking();
    }
  }
}
