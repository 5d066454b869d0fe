// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Deadline;
import dev.interlock.TaskFunction;
import dev.interlock.TaskFuture;
import dev.interlock.TaskTimeoutException;
import dev.interlock.UndecodableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
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

  /** Room for so many items at first: a chunk may be allowed more than there are. */
  private static final int FIRST_ITEMS = 1024;

  /**
   * A chunk under way.
   *
   * @param encodingNs how long it took to encode it; 0 where that was not measured
   */
  private record Pending(TaskFuture<?> future, int items, long encodingNs) {}

  private final AbstractTaskExecutor executor;

  /** Kept: without it the executor would be shut down while results are read. */
  @SuppressWarnings({"unused", "FieldCanBeLocal"})
  private final @Nullable ExecutorHandle handle;

  private final TaskFunction<? super A, ? extends R> function;
  private final Iterator<? extends A> input;
  private final ChunkSizing sizing;
  private final @Nullable Deadline deadline;
  private final SubmitSites.@Nullable Site site;
  private final ArrayDeque<Pending> window = new ArrayDeque<>();
  private Outcomes<R> ready = new Outcomes<>(0);
  private int readyAt;
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
    if (!prepareNext()) {
      return false;
    }
    deliver(action);
    return true;
  }

  @Override
  public void forEachRemaining(Consumer<? super R> action) {
    while (prepareNext()) {
      do {
        deliver(action);
      } while (!closed && readyAt < ready.size() && !mayReadOn());
    }
  }

  /** Sees to it that the next item's outcome is here; false if there is no next item. */
  private boolean prepareNext() {
    if (closed) {
      return false;
    }
    if (readyAt < ready.size()) {
      if (mayReadOn()) {
        fill();
      }
      return true;
    }
    fill();
    Pending first = window.poll();
    if (first == null) {
      if (unsent != null) {
        close();
        throw late();
      }
      return false;
    }
    ready = outcomesOf(first);
    readyAt = 0;
    fill(); // the workers go on while these are read
    return true;
  }

  /** Whether there may be a place for a further chunk although none has come back. */
  private boolean mayReadOn() {
    return unsent != null || sizing.countsItems();
  }

  private void deliver(Consumer<? super R> action) {
    int index = readyAt++;
    itemsAhead--;
    if (!ready.isSuccess(index)) {
      throw failure(ready.failure(index));
    }
    action.accept(ready.value(index));
  }

  private void fill() {
    try {
      MapChunk<A, R> chunk = nextChunk();
      while (chunk != null) {
        boolean waits = window.isEmpty() && readyAt >= ready.size();
        long startNs = sizing.isAdaptive() ? System.nanoTime() : 0;
        TaskFuture<MapChunk.Result<R>> future =
            waits
                ? executor.submitBefore(deadline, chunk, chunk.items().size())
                : executor.submitIfPlace(chunk, chunk.items().size());
        if (future == null) {
          unsent = chunk;
          return;
        }
        long encodingNs = waits || !sizing.isAdaptive() ? 0 : System.nanoTime() - startNs;
        window.add(new Pending(future, chunk.items().size(), encodingNs));
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
    @Nullable Object[] items = new @Nullable Object[Math.min(size, FIRST_ITEMS)];
    int count = 0;
    do {
      if (count == items.length) {
        items = Arrays.copyOf(items, (int) Math.min(size, 2L * count));
      }
      items[count++] = input.next();
    } while (count < size && input.hasNext());
    itemsAhead += count;
    return new MapChunk<>(
        function, new Outcomes<>(count == items.length ? items : Arrays.copyOf(items, count)));
  }

  private Outcomes<R> outcomesOf(Pending chunk) {
    try {
      Object answer =
          deadline == null
              ? chunk.future.get()
              : chunk.future.get(deadline.remainingNs(), TimeUnit.NANOSECONDS);
      return outcomesIn(answer, chunk);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Outcomes.failed(chunk.items, cause);
    } catch (TimeoutException e) {
      chunk.future.cancel(true);
      close();
      throw late();
    } catch (CancellationException e) {
      return Outcomes.failed(chunk.items, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      chunk.future.cancel(true);
      close();
      throw cancelledBy(e);
    }
  }

  /** Checked, because a worker in another process may answer anything. */
  @SuppressWarnings("unchecked") // the function said that its results are Rs
  private Outcomes<R> outcomesIn(@Nullable Object answer, Pending chunk) {
    if (answer instanceof MapChunk.Result<?> result && result.outcomes().size() == chunk.items) {
      Outcomes<?> outcomes = result.outcomes();
      // The worker takes about as long to encode the results as this side to decode them.
      long codingNs = chunk.encodingNs + 2 * outcomes.decodingNs();
      sizing.measured(chunk.items, Math.max(0, result.elapsedNs()) + codingNs);
      return (Outcomes<R>) outcomes;
    }
    return Outcomes.failed(
        chunk.items,
        new UndecodableException(
            "A worker's answer to a chunk of map is not one outcome for each item.", null));
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
