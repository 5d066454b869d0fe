// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Deadline;
import dev.interlock.TaskFunction;
import dev.interlock.TaskFuture;
import dev.interlock.TaskTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The results of one {@code map}, in input order: a window of submitted chunks slides over the
 * input. Confined to the thread that reads it.
 */
final class MapResults<A extends @Nullable Object, R extends @Nullable Object>
    implements Spliterator<R> {

  private record Pending<R extends @Nullable Object>(
      TaskFuture<MapChunk.Result<R>> future, int items) {}

  private final AbstractTaskExecutor executor;

  /** Kept: without it the executor would be shut down while results are read. */
  @SuppressWarnings({"unused", "FieldCanBeLocal"})
  private final @Nullable ExecutorHandle handle;

  private final TaskFunction<? super A, ? extends R> function;
  private final Iterator<? extends A> input;
  private final ChunkSizing sizing;
  private final @Nullable Deadline deadline;
  private final SubmitSites.@Nullable Site site;
  private final ArrayDeque<Pending<R>> window = new ArrayDeque<>();
  private Iterator<Outcome<R>> ready = Collections.emptyIterator();
  private @Nullable MapChunk<A, R> unsent;
  private int itemsAhead;
  private boolean closed;

  MapResults(
      AbstractTaskExecutor executor,
      @Nullable ExecutorHandle handle,
      TaskFunction<? super A, ? extends R> function,
      Iterator<? extends A> input,
      ChunkSizing sizing,
      @Nullable Duration timeout,
      SubmitSites.@Nullable Site site) {
    this.executor = executor;
    this.handle = handle;
    this.function = function;
    this.input = input;
    this.sizing = sizing;
    this.deadline = timeout == null ? null : Deadline.after(timeout);
    this.site = site;
  }

  Stream<R> stream() {
    return StreamSupport.stream(this, false).onClose(this::close);
  }

  @Override
  public boolean tryAdvance(Consumer<? super R> action) {
    if (closed) {
      return false;
    }
    fill();
    if (!ready.hasNext()) {
      Pending<R> first = window.poll();
      if (first == null) {
        if (unsent != null) {
          close();
          throw late();
        }
        return false;
      }
      ready = outcomesOf(first).iterator();
    }
    Outcome<R> outcome = ready.next();
    itemsAhead--;
    if (!outcome.isSuccess()) {
      throw failure(outcome.failure());
    }
    action.accept(outcome.value());
    return true;
  }

  private void fill() {
    try {
      MapChunk<A, R> chunk = nextChunk();
      while (chunk != null) {
        TaskFuture<MapChunk.Result<R>> future =
            window.isEmpty() && !ready.hasNext()
                ? executor.submitBefore(deadline, chunk)
                : executor.submitIfPlace(chunk);
        if (future == null) {
          unsent = chunk;
          return;
        }
        window.add(new Pending<>(future, chunk.items().size()));
        chunk = nextChunk();
      }
    } catch (RejectedExecutionException e) {
      close();
      throw e.getCause() instanceof InterruptedException ? cancelledBy(e) : e;
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** The chunk that had no place in the queue, or a new one if it is time to read on. */
  private @Nullable MapChunk<A, R> nextChunk() {
    MapChunk<A, R> waiting = unsent;
    if (waiting != null) {
      unsent = null;
      return waiting;
    }
    int size = sizing.nextChunk(itemsAhead, window.size());
    if (size <= 0 || !input.hasNext()) {
      return null;
    }
    List<Outcome<A>> items = new ArrayList<>(size);
    do {
      items.add(Outcome.success(input.next()));
    } while (items.size() < size && input.hasNext());
    itemsAhead += items.size();
    return new MapChunk<>(function, items);
  }

  private List<Outcome<R>> outcomesOf(Pending<R> chunk) {
    try {
      MapChunk.Result<R> result =
          deadline == null
              ? chunk.future.get()
              : chunk.future.get(deadline.remainingNs(), TimeUnit.NANOSECONDS);
      sizing.measured(chunk.items, result.elapsedNs());
      return result.outcomes();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Collections.nCopies(chunk.items, Outcome.failure(cause));
    } catch (TimeoutException e) {
      chunk.future.cancel(true);
      close();
      throw late();
    } catch (CancellationException e) {
      return Collections.nCopies(chunk.items, Outcome.failure(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      chunk.future.cancel(true);
      close();
      throw cancelledBy(e);
    }
  }

  private static CancellationException cancelledBy(Exception interrupt) {
    CancellationException cancelled = new CancellationException("interrupted while waiting");
    cancelled.initCause(interrupt);
    return cancelled;
  }

  private TaskTimeoutException late() {
    Duration limit = deadline == null ? Duration.ZERO : deadline.limit();
    return new TaskTimeoutException("a result of map was not there in time", limit);
  }

  private CompletionException failure(Throwable cause) {
    CompletionException failure = new CompletionException(cause);
    if (site != null) {
      failure.addSuppressed(site.of(0, "an item of map"));
    }
    return failure;
  }

  private void close() {
    closed = true;
    // The last one first: a worker that a cancel sets free must not begin what is cancelled next.
    while (!window.isEmpty()) {
      window.removeLast().future.cancel(true);
    }
    unsent = null;
  }

  @Override
  public @Nullable Spliterator<R> trySplit() {
    return null;
  }

  @Override
  public long estimateSize() {
    return Long.MAX_VALUE;
  }

  @Override
  public int characteristics() {
    return ORDERED;
  }
}
