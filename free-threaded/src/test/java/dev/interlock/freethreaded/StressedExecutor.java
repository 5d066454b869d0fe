// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The executors of a JVM that runs a stress test; they end with it. */
final class StressedExecutor {
  private static final TaskExecutor ONE = open(1, 200);
  private static final TaskExecutor SLEEPY = open(2, 0);

  private StressedExecutor() {}

  private static TaskExecutor open(int workers, int spins) {
    return Interlock.builder()
        .strategy("free-threaded")
        .workers(workers)
        .set("free-threaded.spin-count", spins)
        .open();
  }

  /** One worker. */
  static TaskExecutor get() {
    return ONE;
  }

  /** Two workers that sleep at once when there is nothing to do. */
  static TaskExecutor sleepy() {
    return SLEEPY;
  }

  /** The result; -1 if it does not come, or is a failure. */
  static int resultOf(TaskFuture<Integer> future) {
    try {
      return future.get(20, TimeUnit.SECONDS);
    } catch (TimeoutException | InterruptedException | java.util.concurrent.ExecutionException e) {
      return -1;
    }
  }
}
