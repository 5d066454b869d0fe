// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.TaskExecutor;
import dev.interlock.spi.ExecutorHandle;
import dev.interlock.spi.WorkerScope;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The interpreter lock of one executor: exactly one thread runs the executor's task code at any
 * instant.
 *
 * <p>As in CPython since 3.2, a thread that has waited for the lock for one <i>switch interval</i>
 * asks the holder to drop it. The holder does so at its next {@link #checkpoint}, and the longest
 * waiter gets the lock. The lock is also dropped in {@link dev.interlock.Blocking} and when a task
 * ends. Other code is not interrupted: a task that does none of these keeps the lock. Other
 * policies, and when the lock is taken away from a thread that is blocked, are options of the
 * strategy.
 *
 * <p>Do not reach a {@code checkpoint} or a {@code Blocking} call in a class initializer that other
 * tasks may run into: one of them may then hold the interpreter lock and wait for the class, while
 * this thread initializes the class and waits for the interpreter lock.
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
    if (ExecutorHandle.behind(executor) instanceof GilExecutor gilExecutor) {
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
    return lock.contenders().statistics();
  }

  /**
   * Calls {@code body} without the lock, as {@code Py_BEGIN_ALLOW_THREADS} does: for native kernels
   * and for long computations on data that no other task touches. Unlike {@link
   * dev.interlock.Blocking}, it does not let the executor start another worker. On a thread that
   * runs no task the body is simply called. Calls may be nested.
   *
   * <p>Blocks as long as {@code body} does, and until the lock is held again; an interrupt is left
   * to {@code body}, and waiting for the lock keeps it set.
   *
   * @throws Exception what {@code body} throws
   */
  public static <T extends @Nullable Object> T allowThreads(Callable<T> body) throws Exception {
    if (!(WorkerScope.current() instanceof GilScope scope)) {
      return body.call();
    }
    scope.enterAllowThreads();
    try {
      return body.call();
    } finally {
      scope.exitAllowThreads();
    }
  }

  /** {@link #allowThreads(Callable)} for a body without a result and without checked exceptions. */
  public static void allowThreads(Runnable body) {
    if (!(WorkerScope.current() instanceof GilScope scope)) {
      body.run();
      return;
    }
    scope.enterAllowThreads();
    try {
      body.run();
    } finally {
      scope.exitAllowThreads();
    }
  }

  /**
   * Lets {@code controller} decide who runs, from the next check of each task on; null: time
   * decides again. Must not be changed from within the controller.
   */
  public void control(@Nullable SwitchController controller) {
    lock.control(controller);
  }

  /** Tells {@code observer} of each switch of running code from now on; null: nobody. */
  public void observe(@Nullable SwitchObserver observer) {
    lock.steering().observe(observer);
  }
}
