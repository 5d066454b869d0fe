// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Blocking;
import dev.interlock.TaskFuture;
import java.util.List;
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
 * The side of a {@link TaskRun} that waits: what happens in a thread that asks for the result, and
 * what its failure carries. Thread-safe.
 *
 * @param <T> the type of the result
 */
abstract class RunFuture<T extends @Nullable Object> extends CompletableFuture<T>
    implements TaskFuture<T> {
  private static final Logger log = LoggerFactory.getLogger(TaskRun.class);

  private SubmitSites.@Nullable Site submitSite;

  final void submittedAt(SubmitSites.Site site) {
    submitSite = site;
  }

  /** What the task is, for messages. */
  public abstract String describe();

  @Override
  public T get() throws InterruptedException, ExecutionException {
    try {
      offerToWaitingWorker();
      helpBeforeWaiting(true);
      return isDone() ? super.get() : WorkerScope.await(List.of(this), super::get);
    } catch (ExecutionException e) {
      throw withSubmitSite(e);
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      helpBeforeWaiting(false);
      return isDone() ? super.get() : Blocking.call(() -> super.get(timeout, unit));
    } catch (ExecutionException e) {
      throw withSubmitSite(e);
    } catch (InterruptedException | TimeoutException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public T join() {
    try {
      offerToWaitingWorker();
      helpBeforeWaiting(true);
      return isDone() ? super.join() : WorkerScope.await(List.of(this), super::join);
    } catch (CompletionException e) { // may be the future's own: each caller gets one to add to
      throw withSubmitSite(new CompletionException(e.getCause()));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
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

  private <X extends Exception> X withSubmitSite(X failure) {
    SubmitSites.Site site = submitSite;
    if (site != null) {
      failure.addSuppressed(site.of(taskId(), describe()));
    }
    return failure;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the stage reports its own failure
  public final void addListener(Runnable listener, Executor executor) {
    whenComplete(
        (result, failure) -> {
          try {
            executor.execute(listener);
          } catch (RuntimeException | Error e) {
            log.error("A listener of {} failed", describe(), e);
          }
        });
  }

  /** Dependent stages are plain futures: they belong to no executor. */
  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }

  /** A future of its own: completing it does not complete the task. */
  @Override
  public CompletableFuture<T> toCompletableFuture() {
    return copy();
  }
}
