// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.TaskExecutor;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What a worker thread is to the code it runs: which executor it belongs to, and what happens
 * around a blocking call. A strategy binds one to each of its worker threads. Confined to that
 * thread.
 */
public abstract class WorkerScope {
  private static final ThreadLocal<@Nullable WorkerScope> CURRENT = new ThreadLocal<>();

  private int blockingDepth;

  /** The scope of the current thread, or null outside a worker. */
  public static @Nullable WorkerScope current() {
    return Thread.currentThread() instanceof WorkerThread worker ? worker.scope : CURRENT.get();
  }

  /** Whether the current thread is a worker of {@code executor}. */
  public static boolean isWorkerOf(TaskExecutor executor) {
    WorkerScope scope = current();
    return scope != null && scope.executor() == executor;
  }

  /** Makes this the scope of the current thread. */
  public final void bind() {
    if (Thread.currentThread() instanceof WorkerThread worker) {
      worker.scope = this;
    } else {
      CURRENT.set(this);
    }
  }

  /** Leaves the current thread without a scope. */
  public static void unbind() {
    if (Thread.currentThread() instanceof WorkerThread worker) {
      worker.scope = null;
    } else {
      CURRENT.remove();
    }
  }

  /** Called before a blocking call; only the outermost of nested calls reaches the strategy. */
  public final void enterBlocking() {
    HeldSections.suspend();
    try {
      beginWait();
    } catch (Throwable e) { // then the call is not made, and the sections go on
      HeldSections.resume();
      throw e;
    }
  }

  /** Called after a blocking call; pairs with {@link #enterBlocking}. */
  public final void exitBlocking() {
    endWait();
    HeldSections.resume();
  }

  /** Blocks in a way that the critical sections of the thread have no part in. */
  final void beginWait() {
    if (blockingDepth++ == 0) {
      try {
        beforeBlocking();
      } catch (Throwable e) { // then the call is not made, and nothing pairs with this one
        blockingDepth = 0;
        throw e;
      }
    }
  }

  /** Pairs with {@link #beginWait}. */
  final void endWait() {
    if (--blockingDepth == 0) {
      afterBlocking();
    }
  }

  /**
   * Makes the blocking call {@code wait}, which waits without a limit until one of {@code tasks} is
   * done. As {@link dev.interlock.Blocking#call}, but the strategy learns what it waits for.
   *
   * @throws Exception what {@code wait} throws
   */
  public static <T extends @Nullable Object> T await(Collection<?> tasks, Callable<T> wait)
      throws Exception {
    WorkerScope scope = current();
    if (scope == null) {
      return outside(wait);
    }
    scope.enterBlocking();
    try {
      scope.awaiting(tasks);
      return wait.call();
    } finally {
      try {
        scope.awaiting(List.of());
      } finally {
        scope.exitBlocking();
      }
    }
  }

  /** Makes a blocking call on a thread that is no worker. */
  public static <T extends @Nullable Object> T outside(Callable<T> body) throws Exception {
    HeldSections.suspend();
    try {
      return body.call();
    } finally {
      HeldSections.resume();
    }
  }

  /** {@link #outside(Callable)} for a body without a result and without checked exceptions. */
  public static void outside(Runnable body) {
    HeldSections.suspend();
    try {
      body.run();
    } finally {
      HeldSections.resume();
    }
  }

  /**
   * The worker begins with something new: a blocking call whose end was cut off, by a stack that
   * was used up, is forgotten.
   */
  protected final void forgetBlocking() {
    blockingDepth = 0;
  }

  /**
   * The worker is about to wait, without a time limit, for a task of its own executor that no
   * worker has begun. It may run that task here and now, in place of waiting. Does nothing by
   * default.
   */
  protected void beforeWaitingFor(TaskRun<?> awaited) {}

  /** The executor whose worker this is; null if it is no executor's. */
  protected abstract @Nullable TaskExecutor executor();

  /** The worker is about to block: release its lock, or let another worker take its place. */
  protected abstract void beforeBlocking();

  /** The worker goes on: take the lock back. Must not throw, and must keep an interrupt set. */
  protected abstract void afterBlocking();

  /**
   * The worker, in a blocking call already, waits until one of {@code tasks} is done; for nothing
   * any more if there are none. A strategy that knows that the wait can never end may throw, and
   * the wait fails with that. {@code tasks} stays as it is until the next call.
   */
  protected void awaiting(Collection<?> tasks) {}
}
