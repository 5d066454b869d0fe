// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Action;
import dev.interlock.Capability;
import dev.interlock.ExecutorStats;
import dev.interlock.MapOptions;
import dev.interlock.Task;
import dev.interlock.TaskBiFunction;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFunction;
import dev.interlock.TaskFuture;
import dev.interlock.TaskOptions;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What users hold of an executor. When nothing refers to it any more, the executor behind it is
 * shut down: what was submitted still runs and ends, then its workers end. After {@code
 * Executors.newSingleThreadExecutor}, which does the same.
 *
 * <p>Worker threads refer to the executor behind, never to this object. Each method keeps it
 * reachable until it returns, and a stream of {@code map} for as long as the stream itself.
 * Thread-safe.
 */
public final class ExecutorHandle implements TaskExecutor {
  private static final Cleaner CLEANER = Cleaner.create();

  private final AbstractTaskExecutor executor;

  private ExecutorHandle(AbstractTaskExecutor executor) {
    this.executor = executor;
  }

  /** A handle of an executor that nobody else holds. */
  static TaskExecutor of(TaskExecutor opened) {
    if (!(opened instanceof AbstractTaskExecutor executor)) {
      return opened; // of a strategy of somebody else's, which looks after itself
    }
    ExecutorHandle handle = new ExecutorHandle(executor);
    executor.heldBy(handle);
    CLEANER.register(handle, executor::shutdown);
    return handle;
  }

  /** The executor of the strategy behind a handle, or {@code executor} itself. */
  public static TaskExecutor behind(TaskExecutor executor) {
    return executor instanceof ExecutorHandle handle ? handle.executor : executor;
  }

  @Override
  public <T extends @Nullable Object> TaskFuture<T> submit(Task<T> task) {
    try {
      return executor.submit(task);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public TaskFuture<?> submit(Action action) {
    try {
      return executor.submit(action);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <T extends @Nullable Object> TaskFuture<T> submit(Task<T> task, TaskOptions options) {
    try {
      return executor.submit(task, options);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public TaskFuture<?> submit(Action action, TaskOptions options) {
    try {
      return executor.submit(action, options);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <T extends @Nullable Object> TaskFuture<T> submit(Callable<T> task) {
    try {
      return executor.submit(task);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public TaskFuture<?> submit(Runnable task) {
    try {
      return executor.submit(task);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <T extends @Nullable Object> TaskFuture<T> submit(Runnable task, @Nullable T result) {
    try {
      return executor.submit(task, result);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> Stream<R> map(
      TaskFunction<? super A, ? extends R> function,
      Iterable<? extends A> items,
      MapOptions options) {
    try {
      return executor.map(function, items, options);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      Stream<R> map(
          TaskBiFunction<? super A, ? super B, ? extends R> function,
          Iterable<? extends A> first,
          Iterable<? extends B> second,
          MapOptions options) {
    try {
      return executor.map(function, first, second, options);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks) throws InterruptedException {
    try {
      return executor.invokeAll(tasks);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException {
    try {
      return executor.invokeAll(tasks, timeout, unit);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    try {
      return executor.invokeAny(tasks);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      return executor.invokeAny(tasks, timeout, unit);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    try {
      return executor.awaitTermination(timeout, unit);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public List<Runnable> shutdownNow() {
    try {
      return executor.shutdownNow();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean isShutdown() {
    try {
      return executor.isShutdown();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean isTerminated() {
    try {
      return executor.isTerminated();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public String strategy() {
    try {
      return executor.strategy();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public Set<Capability> capabilities() {
    try {
      return executor.capabilities();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public int workers() {
    try {
      return executor.workers();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public ExecutorStats stats() {
    try {
      return executor.stats();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void execute(Action action) {
    try {
      executor.execute(action);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void execute(Runnable action) {
    try {
      executor.execute(action);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void shutdown() {
    try {
      executor.shutdown();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void close() {
    try {
      executor.close();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void close(Duration timeout) {
    try {
      executor.close(timeout);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public String toString() {
    return executor.toString();
  }
}
