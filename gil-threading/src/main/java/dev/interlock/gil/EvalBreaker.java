// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.spi.WorkerScope;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What running code looks at to learn that somebody wants its interpreter lock.
 *
 * <p>One number for the whole process: how many locks have a drop request. While it is 0, a check
 * is one volatile read, and needs to know neither the thread nor the lock. A request on another
 * lock costs a look at the own lock, no more.
 */
final class EvalBreaker {
  private static final AtomicInteger REQUESTS = new AtomicInteger();

  private EvalBreaker() {}

  /** The entry for running code; does nothing unless the current thread holds its lock. */
  static void check() {
    if (REQUESTS.get() != 0) {
      yieldIfAsked();
    }
  }

  private static void yieldIfAsked() {
    if (WorkerScope.current() instanceof GilScope scope) {
      scope.lock().yieldIfAsked();
    }
  }

  static void requested() {
    REQUESTS.getAndIncrement();
  }

  static void satisfied() {
    REQUESTS.getAndDecrement();
  }
}
