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
 * carries. Its one field is all that a future costs beside the run itself.
 *
 * <p><b>Concurrency.</b> No locks. One word holds who waits, and then the outcome; it is moved by
 * compare-and-set. So the outcome is decided once, whoever decides it has everybody who waited, and
 * nobody can begin to wait afterwards. What the body wrote happens before the outcome is seen.
 * Thread-safe.
 *
 * @param <T> the type of the result
 */
abstract class RunFuture<T extends @Nullable Object> extends DependentStages<T> {
  private static final Logger log = LoggerFactory.getLogger(TaskRun.class);

  /** A result that is null. */
  private static final Object NULL = new Object();

  /** What {@link #decide} returns if nobody waits. */
  private static final FutureWaiter NOBODY =
      new FutureWaiter() {
        @Override
        void fire() {}
      };

  private static final VarHandle OUTCOME;

  static {
    try {
      OUTCOME = MethodHandles.lookup().findVarHandle(RunFuture.class, "outcome", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private record Failed(Throwable cause) {}

  private record Cancelled(CancellationException how) {}

  /**
   * Until the future is done: the stack of those who wait, or null. Then: the result, {@link
   * #NULL}, or how it failed. A {@link FutureWaiter} is never a result, since no task can get hold
   * of one.
   */
  private volatile @Nullable Object outcome;

  /** What the task is, for messages. */
  public abstract String describe();

  /** Where it was submitted; null if that is not kept. */
  abstract SubmitSites.@Nullable Site submitSite();

  // How it is done.

  static Object success(@Nullable Object result) {
    return result == null ? NULL : result;
  }

  static Object failure(Throwable cause) {
    return new Failed(cause);
  }

  static Object cancellation() {
    return new Cancelled(new CancellationException());
  }

  /**
   * Decides the outcome. Null if that was done before, and nothing has changed; else those who
   * waited, whom the caller has to {@link #tell}.
   */
  final @Nullable FutureWaiter decide(Object how) {
    if (OUTCOME.compareAndSet(this, (Object) null, how)) {
      return NOBODY;
    }
    for (Object now = outcome; !isOutcome(now); now = outcome) {
      if (OUTCOME.compareAndSet(this, now, how)) {
        return now instanceof FutureWaiter waiting ? waiting : NOBODY;
      }
    }
    return null;
  }

  /** Tells those who waited, each once; the one who came last is told first. */
  static void tell(FutureWaiter waited) {
    if (waited == NOBODY) {
      return;
    }
    for (FutureWaiter next = waited; next != null; next = next.next) {
      next.fire();
    }
  }

  private static boolean isOutcome(@Nullable Object word) {
    return word != null && !(word instanceof FutureWaiter);
  }

  /** False if the future is done: then nobody will tell the waiter. */
  private boolean push(FutureWaiter waiter) {
    while (true) {
      Object below = outcome;
      if (isOutcome(below)) {
        return false;
      }
      waiter.next = (FutureWaiter) below;
      if (OUTCOME.compareAndSet(this, below, (Object) waiter)) {
        return true;
      }
    }
  }

  /** Takes those out that have given up waiting; after {@code FutureTask.removeWaiter}. */
  private void unlinkDead() {
    boolean again = true;
    while (again) {
      again = false;
      FutureWaiter above = null;
      FutureWaiter at = outcome instanceof FutureWaiter first ? first : null;
      while (at != null && !again) {
        FutureWaiter below = at.next;
        if (!at.isDead()) {
          above = at;
        } else if (above != null) {
          above.next = below;
          again = above.isDead();
        } else {
          again = !OUTCOME.compareAndSet(this, (Object) at, (Object) below);
        }
        at = below;
      }
    }
  }

  // What it is.

  @Override
  public final boolean isDone() {
    return isOutcome(outcome);
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
    return outcome instanceof FutureWaiter;
  }

  // Waiting.

  @Override
  public T get() throws InterruptedException, ExecutionException {
    if (!isDone()) {
      offerToWaitingWorker();
      if (!isDone()) {
        beforeWaiting(true);
        if (!isDone()) {
          await(() -> parked(true));
        }
      }
    }
    return result();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!isDone()) {
      beforeWaiting(false);
    }
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
      if (!isDone()) {
        beforeWaiting(true);
        if (!isDone()) {
          awaitUninterruptibly();
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

  private void awaitUninterruptibly() {
    try {
      await(() -> parked(false));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
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
    if (!push(waiter)) {
      return true;
    }
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
    FutureWaiter dependent =
        new FutureWaiter() {
          @Override
          void fire() {
            passOn(stage);
          }
        };
    if (isDone() || !push(dependent)) {
      passOn(stage);
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
