// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Blocking;
import dev.interlock.Deadline;
import dev.interlock.TaskExecutor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The places of a bounded queue. A task that submits to its own executor may exceed the bound. */
final class QueueSlots {
  /** More than any number of threads that can wait at once. */
  private static final int ALL_WAITERS = 1 << 24;

  /** A semaphore that may owe places. */
  private static final class Places extends Semaphore {
    private static final long serialVersionUID = 1L;

    Places(int capacity) {
      super(capacity);
    }

    void owe() {
      reducePermits(1);
    }
  }

  private final Places places;

  QueueSlots(int capacity) {
    places = new Places(capacity);
  }

  /** Takes a place if one is free; a worker of {@code executor} always gets one. */
  boolean tryAcquire(TaskExecutor executor) {
    if (places.tryAcquire()) {
      return true;
    }
    if (WorkerScope.isWorkerOf(executor)) {
      places.owe();
      return true;
    }
    return false;
  }

  /** Takes a place that is not there: given back like any other. */
  void exceed() {
    places.owe();
  }

  /** Waits for a place; false if there is none until the deadline. */
  boolean acquire(String executorName, @Nullable Deadline deadline) {
    try {
      return Blocking.call(
          () -> {
            if (deadline != null) {
              return places.tryAcquire(deadline.remainingNs(), TimeUnit.NANOSECONDS);
            }
            places.acquire();
            return true;
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RejectedExecutionException(
          executorName + ": interrupted while waiting for a place in the queue", e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  void release() {
    places.release();
  }

  /** The door is closed: who waits here must come out and be rejected. */
  void releaseWaiters() {
    places.release(ALL_WAITERS);
  }
}
