// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import dev.interlock.spi.WorkerScope;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits for several futures at once, after {@code concurrent.futures.wait} and {@code
 * as_completed}. The futures may come from different executors. All methods are thread-safe.
 */
public final class TaskFutures {
  private TaskFutures() {}

  /**
   * Yields the futures in the order in which they complete, those already done first, each once.
   * Asking for the next one blocks; an interrupt then throws {@link CancellationException} and
   * stays set.
   */
  public static <F extends CompletionStage<?>> Stream<F> asCompleted(
      Iterable<? extends F> futures) {
    return new Completions<F>(futures, null).stream();
  }

  /**
   * {@link #asCompleted(Iterable)} with a limit, counted from this call.
   *
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public static <F extends CompletionStage<?>> Stream<F> asCompleted(
      Iterable<? extends F> futures, Duration timeout) {
    return new Completions<F>(futures, Deadline.after(timeout)).stream();
  }

  /**
   * Waits until {@code condition} holds.
   *
   * @throws InterruptedException if the caller is interrupted while it waits
   */
  public static <F extends CompletionStage<?>> WaitResult<F> await(
      Iterable<? extends F> futures, ReturnWhen condition) throws InterruptedException {
    return new Completions<F>(futures, null).await(condition);
  }

  /**
   * Waits until {@code condition} holds or the time-out has passed; the time-out is not an error.
   *
   * @throws InterruptedException if the caller is interrupted while it waits
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public static <F extends CompletionStage<?>> WaitResult<F> await(
      Iterable<? extends F> futures, ReturnWhen condition, Duration timeout)
      throws InterruptedException {
    return new Completions<F>(futures, Deadline.after(timeout)).await(condition);
  }

  /** A set of futures that report their completion, in order, through one queue. */
  private static final class Completions<F extends CompletionStage<?>> implements Iterator<F> {
    private record Completion<F>(F future, boolean failed) {}

    private final Set<F> pending = new LinkedHashSet<>();
    private final BlockingQueue<Completion<F>> completed = new LinkedBlockingQueue<>();
    private final @Nullable Deadline deadline;

    Completions(Iterable<? extends F> futures, @Nullable Deadline deadline) {
      this.deadline = deadline;
      for (F future : futures) {
        pending.add(future);
      }
      for (F future : pending) {
        future.whenComplete(
            (result, failure) -> completed.add(new Completion<>(future, failure != null)));
      }
    }

    Stream<F> stream() {
      int shape = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;
      return StreamSupport.stream(Spliterators.spliterator(this, pending.size(), shape), false);
    }

    @Override
    public boolean hasNext() {
      return !pending.isEmpty();
    }

    @Override
    public F next() {
      if (pending.isEmpty()) {
        throw new NoSuchElementException();
      }
      try {
        Completion<F> next = poll();
        if (next == null) {
          throw new TaskTimeoutException(
              pending.size() + " futures were not done in time", deadlineLimit());
        }
        pending.remove(next.future);
        return next.future;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        CancellationException cancelled = new CancellationException("Interrupted while waiting");
        cancelled.initCause(e);
        throw cancelled;
      }
    }

    WaitResult<F> await(ReturnWhen condition) throws InterruptedException {
      Set<F> done = new LinkedHashSet<>();
      boolean enough = false;
      while (!pending.isEmpty()) {
        Completion<F> next = enough ? completed.poll() : poll();
        if (next == null) {
          break;
        }
        pending.remove(next.future);
        done.add(next.future);
        enough |=
            switch (condition) {
              case FIRST_COMPLETED -> true;
              case FIRST_EXCEPTION -> next.failed;
              case ALL_COMPLETED -> false;
            };
      }
      return new WaitResult<>(done, pending);
    }

    private Duration deadlineLimit() {
      return deadline == null ? Duration.ZERO : deadline.limit();
    }

    /** The next completion, or null once the deadline has passed. */
    private @Nullable Completion<F> poll() throws InterruptedException {
      Completion<F> ready = completed.poll();
      if (ready != null) {
        return ready;
      }
      try {
        return deadline == null
            ? WorkerScope.await(pending, completed::take)
            : Blocking.call(() -> completed.poll(deadline.remainingNs(), TimeUnit.NANOSECONDS));
      } catch (InterruptedException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
