// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.TaskExecutor;
import java.time.Duration;

/**
 * The interpreter lock of one executor: exactly one thread runs the executor's task code at any
 * instant.
 *
 * <p>As in CPython since 3.2, a thread that has waited for the lock for one <i>switch interval</i>
 * asks the holder to drop it. The holder does so at its next {@link #checkpoint}, and the longest
 * waiter gets the lock. The lock is also dropped in {@link dev.interlock.Blocking} and when a task
 * ends. Other code is not interrupted: a task that does none of these keeps the lock.
 *
 * <p>Do not reach a {@code checkpoint} or a {@code Blocking} call while holding a monitor or lock
 * that other tasks take: one of them may then hold the interpreter lock and wait for the monitor,
 * while this thread holds the monitor and waits for the interpreter lock. The same goes for class
 * initializers.
 *
 * <p>Thread-safe.
 */
public final class Gil {
  static final Duration LONGEST_INTERVAL = Duration.ofHours(1);

  private final InterpreterLock lock;

  Gil(InterpreterLock lock) {
    this.lock = lock;
  }

  /**
   * The lock of {@code executor}.
   *
   * @throws IllegalArgumentException if the executor is not one of the strategy {@code
   *     gil-threading}
   */
  public static Gil of(TaskExecutor executor) {
    if (executor instanceof GilExecutor gilExecutor) {
      return gilExecutor.gil();
    }
    throw new IllegalArgumentException(
        executor
            + " has no interpreter lock: its strategy is "
            + executor.strategy()
            + ". Open it with the strategy "
            + GilProvider.STRATEGY
            + ".");
  }

  /**
   * Lets another task run if one has waited for the lock for a switch interval; then blocks until
   * this one has its turn again, and keeps an interrupt set while it waits. Otherwise costs about
   * as much as reading a volatile field. Does nothing on a thread that holds no interpreter lock.
   */
  public static void checkpoint() {
    EvalBreaker.check();
  }

  /** How long a thread waits for the lock before it asks the holder to drop it. */
  public Duration switchInterval() {
    return Duration.ofNanos(lock.switchIntervalNs());
  }

  /**
   * Changes the switch interval, also for threads that wait already. Zero: a waiter asks at once.
   *
   * @throws IllegalArgumentException if {@code interval} is negative or longer than an hour
   */
  public void setSwitchInterval(Duration interval) {
    if (interval.isNegative() || interval.compareTo(LONGEST_INTERVAL) > 0) {
      throw new IllegalArgumentException(
          "switchInterval is " + interval + ", but must be from 0 to " + LONGEST_INTERVAL);
    }
    lock.setSwitchIntervalNs(interval.toNanos());
  }

  /** Whether the current thread has the lock: it is inside a task, and not in a blocking call. */
  public boolean isHeldByCurrentThread() {
    return lock.isHeldByCurrentThread();
  }

  /** A snapshot of the counters. */
  public GilStatistics statistics() {
    return lock.statistics();
  }
}
