// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.ReturnWhen;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskFutures;
import dev.interlock.TaskTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code invokeAll} and {@code invokeAny}, as {@link java.util.concurrent.ExecutorService} has
 * them.
 */
final class BulkInvocation {
  private BulkInvocation() {}

  static <T extends @Nullable Object> List<Future<T>> all(
      TaskExecutor executor, Collection<? extends Callable<T>> tasks, @Nullable Long timeoutNs)
      throws InterruptedException {
    List<TaskFuture<T>> futures = new ArrayList<>(tasks.size());
    boolean finished = false;
    try {
      submitAll(executor, tasks, futures);
      if (timeoutNs == null) {
        TaskFutures.await(futures, ReturnWhen.ALL_COMPLETED);
      } else {
        TaskFutures.await(futures, ReturnWhen.ALL_COMPLETED, notNegative(timeoutNs));
      }
      finished = timeoutNs == null;
      return List.copyOf(futures);
    } finally {
      if (!finished) {
        cancelAll(futures);
      }
    }
  }

  static <T extends @Nullable Object> T any(
      TaskExecutor executor, Collection<? extends Callable<T>> tasks, @Nullable Long timeoutNs)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("invokeAny needs at least one task");
    }
    List<TaskFuture<T>> futures = new ArrayList<>(tasks.size());
    try {
      submitAll(executor, tasks, futures);
      var completed =
          (timeoutNs == null
                  ? TaskFutures.asCompleted(futures)
                  : TaskFutures.asCompleted(futures, notNegative(timeoutNs)))
              .iterator();
      ExecutionException lastFailure = new ExecutionException("no task succeeded", null);
      while (completed.hasNext()) {
        TaskFuture<T> future = completed.next();
        try {
          return future.get();
        } catch (ExecutionException e) {
          lastFailure = e;
        } catch (CancellationException e) {
          lastFailure = new ExecutionException(e);
        }
      }
      throw lastFailure;
    } catch (TaskTimeoutException e) {
      TimeoutException timedOut = new TimeoutException(e.getMessage());
      timedOut.initCause(e);
      throw timedOut;
    } catch (CancellationException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted in invokeAny");
      }
      throw e;
    } finally {
      cancelAll(futures);
    }
  }

  private static <T extends @Nullable Object> void submitAll(
      TaskExecutor executor, Collection<? extends Callable<T>> tasks, List<TaskFuture<T>> futures) {
    for (Callable<T> task : tasks) {
      futures.add(executor.submit(task));
    }
  }

  private static Duration notNegative(long ns) {
    return Duration.ofNanos(Math.max(0, ns));
  }

  private static void cancelAll(List<? extends Future<?>> futures) {
    for (Future<?> future : futures) {
      future.cancel(true);
    }
  }
}
