// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Blocking;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side of a {@link TaskRun} that waits: its outcome, who waits for it, and what its failure
 * carries. Its two fields are all that a future costs beside the run itself.
 *
 * <p><b>Concurrency.</b> No locks. {@link TaskRun} decides who writes the outcome, once. The writer
 * sets it, volatile, and then takes the waiters; who waits pushes itself, by compare-and-set, and
 * then looks at the outcome again. Both pairs are in one total order, so either the writer finds
 * the waiter or the waiter the outcome. What the body wrote happens before the outcome is seen.
 * Thread-safe.
 *
 * @param <T> the type of the result
 */
abstract class RunFuture<T extends @Nullable Object> extends DependentStages<T> {
  private static final Logger log = LoggerFactory.getLogger(TaskRun.class);

  /** A result that is null. */
  private static final Object NULL = new Object();

  private static final VarHandle OUTCOME;
  private static final VarHandle WAITERS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      OUTCOME = lookup.findVarHandle(RunFuture.class, "outcome", Object.class);
      WAITERS = lookup.findVarHandle(RunFuture.class, "waiters", FutureWaiter.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private record Failed(Throwable cause) {}

  private record Cancelled(CancellationException how) {}

  /** Null until the future is done; then the result, {@link #NULL}, or how it failed. */
  private volatile @Nullable Object outcome;

  /** A stack of those who wait. */
  private volatile @Nullable FutureWaiter waiters;

  /** What the task is, for messages. */
  public abstract String describe();

  /** Where it was submitted; null if that is not kept. */
  abstract SubmitSites.@Nullable Site submitSite();

  // How it is done. The caller has won the right to say so, and does it once.

  final void complete(T result) {
    settle(result == null ? NULL : result);
  }

  final void completeExceptionally(Throwable failure) {
    settle(new Failed(failure));
  }

  final void completeCancelled() {
    settle(new Cancelled(new CancellationException()));
  }

  private void settle(Object how) {
    OUTCOME.setVolatile(this, how);
    fireWaiters();
  }

  /** Takes all that wait, so that each is told once; the one who pushed last comes first. */
  private void fireWaiters() {
    while (waiters != null) {
      FutureWaiter next = (FutureWaiter) WAITERS.getAndSet(this, null);
      while (next != null) {
        next.fire();
        next = next.next;
      }
    }
  }

  private void push(FutureWaiter waiter) {
    FutureWaiter below;
    do {
      below = waiters;
      waiter.next = below;
    } while (!WAITERS.compareAndSet(this, below, waiter));
  }

  /** Takes those out that have given up waiting; after {@code FutureTask.removeWaiter}. */
  private void unlinkDead() {
    boolean again = true;
    while (again) {
      again = false;
      FutureWaiter above = null;
      FutureWaiter at = waiters;
      while (at != null && !again) {
        FutureWaiter below = at.next;
        if (!at.isDead()) {
          above = at;
        } else if (above != null) {
          above.next = below;
          again = above.isDead();
        } else {
          again = !WAITERS.compareAndSet(this, at, below);
        }
        at = below;
      }
    }
  }

  // What it is.

  @Override
  public final boolean isDone() {
    return outcome != null;
  }

  @Override
  public final boolean isCancelled() {
    return outcome instanceof Cancelled;
  }

  @Override
  public final boolean isCompletedExceptionally() {
    Object how = outcome;
    return how instanceof Failed || how instanceof Cancelled;
  }

  /** Whether anybody waits for it, or is to be told; true if that has just ended. */
  public final boolean isAwaited() {
    return waiters != null;
  }

  // Waiting.

  @Override
  public T get() throws InterruptedException, ExecutionException {
    if (!isDone()) {
      offerToWaitingWorker();
      helpBeforeWaiting(true);
      if (!isDone()) {
        await(() -> parked(true));
      }
    }
    return result();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    helpBeforeWaiting(false);
    if (!isDone()) {
      long deadlineNs = System.nanoTime() + unit.toNanos(timeout);
      try {
        Blocking.call(() -> parkedUntil(deadlineNs));
      } catch (InterruptedException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      if (!isDone()) {
        throw new TimeoutException(
            describe() + " was not done within " + timeout + " " + unit + "; it goes on");
      }
    }
    return result();
  }

  @Override
  public T join() {
    if (!isDone()) {
      offerToWaitingWorker();
      helpBeforeWaiting(true);
      if (!isDone()) {
        try {
          await(() -> parked(false));
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
    try {
      return result();
    } catch (ExecutionException e) {
      CompletionException failure = new CompletionException(e.getCause());
      for (Throwable site : e.getSuppressed()) {
        failure.addSuppressed(site);
      }
      throw failure;
    }
  }

  private interface Wait {
    boolean park() throws InterruptedException;
  }

  private void await(Wait wait) throws InterruptedException {
    try {
      WorkerScope.await(List.of(this), wait::park);
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private boolean parked(boolean interruptibly) throws InterruptedException {
    return parked(new ParkedThread(this, interruptibly, ParkedThread.FOR_EVER));
  }

  private boolean parkedUntil(long deadlineNs) throws InterruptedException {
    return parked(
        new ParkedThread(this, true, deadlineNs == ParkedThread.FOR_EVER ? -1 : deadlineNs));
  }

  /** Waits until it is done, or the waiter has had enough; true if it is done. */
  private boolean parked(ParkedThread waiter) throws InterruptedException {
    push(waiter);
    try {
      waiter.park();
    } finally {
      if (!isDone()) {
        waiter.giveUp();
        unlinkDead();
      }
    }
    return isDone();
  }

  /** The result of a future that is done. */
  @SuppressWarnings({"unchecked", "NullAway"}) // T may be nullable
  private T result() throws ExecutionException {
    Object how = outcome;
    if (how instanceof Failed failed) {
      throw withSubmitSite(new ExecutionException(failed.cause));
    }
    if (how instanceof Cancelled cancelled) {
      throw cancelled.how;
    }
    return how == NULL ? null : (T) how;
  }

  /** If it is still queued, a worker that is about to wait for it may run it. */
  abstract void offerToWaitingWorker();

  private void helpBeforeWaiting(boolean untilDone) {
    if (!isDone()) {
      beforeWaiting(untilDone);
    }
  }

  /**
   * The current thread is about to wait for this task. A strategy whose results come by a thread of
   * its own may look for the result here, for a few microseconds; or, if that thread is the current
   * one, until the task is done. Does nothing by default.
   *
   * @param untilDone whether the wait has no limit
   */
  protected void beforeWaiting(boolean untilDone) {}

  private ExecutionException withSubmitSite(ExecutionException failure) {
    SubmitSites.Site site = submitSite();
    if (site != null) {
      failure.addSuppressed(site.of(taskId(), describe()));
    }
    return failure;
  }

  // Who is told.

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the stage reports its own failure
  public final void addListener(Runnable listener, Executor executor) {
    stage()
        .whenComplete(
            (result, failure) -> {
              try {
                executor.execute(listener);
              } catch (RuntimeException | Error e) {
                log.error("A listener of {} failed", describe(), e);
              }
            });
  }

  @Override
  final CompletableFuture<T> stage() {
    CompletableFuture<T> stage = new CompletableFuture<>();
    if (isDone()) {
      passOn(stage);
    } else {
      push(
          new FutureWaiter() {
            @Override
            void fire() {
              passOn(stage);
            }
          });
      if (isDone()) {
        fireWaiters();
      }
    }
    return stage;
  }

  /**
   * {@link CompletableFuture} would unwrap a {@link CompletionException}, and take a {@link
   * CancellationException} for a cancel: in a wrapper, what a task throws comes back as it was.
   */
  @SuppressWarnings({"unchecked", "NullAway"}) // T may be nullable
  private void passOn(CompletableFuture<T> stage) {
    Object how = outcome;
    if (how instanceof Failed failed) {
      Throwable cause = failed.cause;
      stage.completeExceptionally(
          cause instanceof CompletionException || cause instanceof CancellationException
              ? new CompletionException(cause)
              : cause);
    } else if (how instanceof Cancelled cancelled) {
      stage.completeExceptionally(cancelled.how);
    } else {
      stage.complete(how == NULL ? null : (T) how);
    }
  }
}
