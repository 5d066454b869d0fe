// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.Blocking;
import dev.interlock.NotShareableException;
import dev.interlock.UndecodableException;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A first-in, first-out queue between interpreters, after PEP 734's {@code Queue}, on Chronicle
 * Queue. The handle crosses to other interpreters like any shareable value, and there is one per
 * queue.
 *
 * <h2>Items</h2>
 *
 * An item is copied when it is put, or shared where nobody can change it:
 *
 * <ul>
 *   <li>Shareable values ({@link Interpreters#isShareable}) cross by themselves. Byte arrays are
 *       copied once; a direct buffer arrives as a view of the same memory; a record arrives as one
 *       of the receiver's class of that name.
 *   <li>Everything else crosses by the codec, as arguments of tasks do, into the loader of the
 *       interpreter that gets it: the one whose thread it is, or the one in which the thread was
 *       started; elsewhere the application's.
 *   <li>Above 4 KiB ({@link QueueOptions#withByReferenceAbove}) content stays in memory and only a
 *       descriptor goes through the files, unless the queue is durable.
 * </ul>
 *
 * When an item's interpreter ends before somebody has got it, {@link UnboundItems} says what
 * becomes of it.
 *
 * <h2>Blocking and failures</h2>
 *
 * Thread-safe, for any number of threads that put and that get. Methods without {@code Now} wait,
 * spinning a little and then parked; in a task they give the interpreter's lock away meanwhile. An
 * interrupt ends a wait with an {@link InterruptedException}: then nothing was put, and nothing was
 * taken. Closing the queue ends all waits with a {@link QueueNotFoundException}.
 *
 * <p>Made by {@link Interpreters#createQueue}. Needs the JVM flags that {@link ChronicleFlags}
 * names. Files are in a folder of this process, which is deleted with its queues and swept by the
 * next start if the process was killed; {@link QueueOptions#withDurable} keeps them. No space on
 * disk fails the put, and nothing else.
 */
public final class InterpreterQueue implements AutoCloseable, Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * What {@code get} returns for an item whose interpreter has ended. PEP 734's {@code UNBOUND}.
   */
  public static final Object UNBOUND = UnboundItem.UNBOUND;

  private final transient long id;
  private final transient QueueOptions options;
  private final transient QueueItems items;
  private final transient MessageLog log;
  private final transient QueueFailures failures;
  private final transient @Nullable Path scratchBase;
  private final transient @Nullable DurableStorage storage;

  private InterpreterQueue(QueueOptions options) throws IOException {
    this.options = options;
    id = QueueTable.nextId();
    items = new QueueItems(options);
    String name = options.name().orElse(null);
    if (name == null) {
      storage = null;
      scratchBase =
          options.directory().isPresent() ? options.directory().get() : QueueTable.defaultBase();
      log = QueueTable.openScratch(scratchBase, "queue-" + id, items);
    } else {
      scratchBase = null;
      Path home = options.directory().orElseThrow().resolve(name);
      DurableStorage[] opened = new DurableStorage[1];
      log =
          new MessageLog(
              () -> opened[0] = new DurableStorage(home, options.ends()), items, closed -> {});
      storage = opened[0];
    }
    failures = new QueueFailures(toString(), log.directory());
  }

  /** See {@link Interpreters#createQueue(QueueOptions)}. */
  static InterpreterQueue create(QueueOptions options) {
    InterpreterQueue queue;
    try {
      queue = new InterpreterQueue(options);
    } catch (IOException e) {
      throw QueueFailures.cannotOpen(options, e);
    }
    QueueTable.add(queue);
    return queue;
  }

  /** The number of this queue in this process; never used again. */
  public long id() {
    return id;
  }

  /** How many items the queue has room for; 0 for any number. */
  public int maxSize() {
    return options.maxSize();
  }

  /** The policy for items that are put without one. */
  public UnboundItems unboundItems() {
    return options.unboundItems();
  }

  /** Items in the queue: exact when nobody puts or gets. */
  public long size() {
    return log.size();
  }

  /** Whether there is no item. */
  public boolean isEmpty() {
    return size() == 0;
  }

  /** Whether there is room for no further item; false if it is unbounded. */
  public boolean isFull() {
    return options.maxSize() > 0 && size() >= options.maxSize();
  }

  /**
   * Puts an item, waiting for room as long as it takes.
   *
   * @throws InterruptedException if interrupted while waiting; the item is not in the queue
   * @throws NotShareableException if a part of the item cannot cross; it names the path
   * @throws QueueStorageException if there is no space on disk; the queue goes on
   * @throws QueueFullException if the item can never fit into {@link QueueOptions#maxBytes}
   * @throws QueueNotFoundException if the queue is closed, also while waiting
   */
  public void put(@Nullable Object item) throws InterruptedException {
    put(item, unboundItems());
  }

  /** {@link #put(Object)} with a policy for this item. */
  public void put(@Nullable Object item, UnboundItems policy) throws InterruptedException {
    put(item, Long.MAX_VALUE, policy);
  }

  /**
   * {@link #put(Object)}, waiting at most this long.
   *
   * @throws QueueFullException if there was no room in time; the item is not in the queue
   * @throws IllegalArgumentException if the time-out is negative
   */
  public void put(@Nullable Object item, Duration timeout) throws InterruptedException {
    put(item, timeout, unboundItems());
  }

  /** {@link #put(Object, Duration)} with a policy for this item. */
  public void put(@Nullable Object item, Duration timeout, UnboundItems policy)
      throws InterruptedException {
    put(item, nanos(timeout), policy);
  }

  /**
   * {@link #put(Object)} without waiting. PEP 734's {@code put_nowait}.
   *
   * @throws QueueFullException if there is no room; the item is not in the queue
   */
  public void putNow(@Nullable Object item) {
    putNow(item, unboundItems());
  }

  /** {@link #putNow(Object)} with a policy for this item. */
  public void putNow(@Nullable Object item, UnboundItems policy) {
    requirePutEnd();
    QueueItems.Encoded encoded = items.encode(item, policy);
    try {
      if (!offer(encoded)) {
        throw failures.full(encoded.length());
      }
    } catch (IOException e) {
      throw failures.noSpace(e);
    }
  }

  private void put(@Nullable Object item, long timeoutNs, UnboundItems policy)
      throws InterruptedException {
    requirePutEnd();
    QueueItems.Encoded encoded = items.encode(item, policy);
    if (Thread.interrupted()) {
      throw new InterruptedException("Interrupted before putting into " + this);
    }
    try {
      if (!offer(encoded) && !awaitRoom(encoded, timeoutNs)) {
        throw failures.stillFull(encoded.length(), timeoutNs);
      }
    } catch (IOException e) {
      throw failures.noSpace(e);
    }
  }

  private void requirePutEnd() {
    if (!options.ends().puts()) {
      throw failures.notThisEnd("put items into", QueueEnds.PUT);
    }
  }

  private boolean offer(QueueItems.Encoded item) throws IOException {
    items.counted(item);
    boolean done = false;
    try {
      done = log.offer(item.bytes(), 0, item.length(), item.attachment());
    } catch (LogClosedException e) {
      throw QueueNotFoundException.closed(id);
    } finally {
      if (!done) {
        items.uncounted(item);
      }
    }
    return done;
  }

  private boolean awaitRoom(QueueItems.Encoded item, long timeoutNs)
      throws IOException, InterruptedException {
    if (timeoutNs == 0) {
      return false;
    }
    if (!log.fitsWhenRead(item.length())) {
      throw failures.tooLarge(item.length());
    }
    items.counted(item);
    Boolean done = false;
    try {
      done =
          blocking(() -> log.offer(item.bytes(), 0, item.length(), item.attachment(), timeoutNs));
    } finally {
      if (!done) {
        items.uncounted(item);
      }
    }
    return done;
  }

  /**
   * Takes the next item, waiting for it as long as it takes.
   *
   * @return the item, which may be null, or {@link #UNBOUND}
   * @throws InterruptedException if interrupted while waiting; no item is lost
   * @throws ItemInterpreterDestroyedException if the item's interpreter has ended and its policy is
   *     {@link UnboundItems#ERROR}; the item is gone
   * @throws UndecodableException if the interpreter that gets it lacks a class of it; the item is
   *     gone
   * @throws QueueNotFoundException if the queue is closed, also while waiting
   */
  public @Nullable Object get() throws InterruptedException {
    return get(Long.MAX_VALUE);
  }

  /**
   * {@link #get()}, waiting at most this long.
   *
   * @throws QueueEmptyException if no item came in time
   * @throws IllegalArgumentException if the time-out is negative
   */
  public @Nullable Object get(Duration timeout) throws InterruptedException {
    return get(nanos(timeout));
  }

  /**
   * {@link #get()} without waiting. PEP 734's {@code get_nowait}.
   *
   * @throws QueueEmptyException if there is no item
   */
  public @Nullable Object getNow() {
    LogMessage message = receive();
    if (message == null) {
      throw failures.empty();
    }
    return items.decode(message);
  }

  private @Nullable Object get(long timeoutNs) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("Interrupted before getting from " + this);
    }
    LogMessage message = receive();
    if (message == null && timeoutNs > 0) {
      try {
        message = blocking(() -> log.receive(timeoutNs));
      } catch (IOException e) {
        throw failures.unreadable(e);
      }
    }
    if (message == null) {
      throw failures.stillEmpty(timeoutNs);
    }
    return items.decode(message);
  }

  private @Nullable LogMessage receive() {
    if (!options.ends().gets()) {
      throw failures.notThisEnd("get items from", QueueEnds.GET);
    }
    try {
      return log.receive();
    } catch (LogClosedException e) {
      throw QueueNotFoundException.closed(id);
    } catch (IOException e) {
      throw failures.unreadable(e);
    }
  }

  /** Waits without the interpreter's lock. */
  private <T extends @Nullable Object> T blocking(Callable<T> wait)
      throws IOException, InterruptedException {
    try {
      return Blocking.call(wait);
    } catch (LogClosedException e) {
      throw QueueNotFoundException.closed(id);
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("not thrown by a log", e);
    }
  }

  /** An interpreter has ended. */
  void producerEnded(long producer) {
    if (items.hasRemovable(producer)) {
      log.discount(() -> items.leaveWith(producer));
    }
  }

  /**
   * Closes the queue for all interpreters: who waits, and who uses it from now on, gets a {@link
   * QueueNotFoundException}. What it holds is gone with its files, unless it is durable. Closing
   * twice does nothing more.
   *
   * @throws QueueStorageException if a file could not be deleted
   */
  @Override
  public void close() {
    if (!QueueTable.remove(this)) {
      return;
    }
    try {
      try {
        log.close();
      } finally {
        if (scratchBase != null) {
          QueueTable.leave(scratchBase);
        }
      }
    } catch (IOException e) {
      throw failures.notDeleted(e);
    }
  }

  /**
   * Closes the queue and deletes its files, also if it is durable.
   *
   * @throws IllegalStateException if this process has only one end of a durable queue
   * @throws QueueStorageException if a file could not be deleted
   */
  public void destroy() {
    if (storage != null) {
      if (options.ends() != QueueEnds.BOTH) {
        throw failures.notDestroyed(options.ends());
      }
      storage.deleteOnRelease();
    }
    close();
  }

  private static long nanos(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout is " + timeout + ", but must be 0 or more");
    }
    return TimeUnit.NANOSECONDS.convert(timeout);
  }

  @Override
  public String toString() {
    return "InterpreterQueue(" + id + options.name().map(name -> ", " + name).orElse("") + ")";
  }

  private Object writeReplace() throws ObjectStreamException {
    return new HandleReference(HandleReference.Kind.QUEUE, id);
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    Objects.requireNonNull(in);
    throw new InvalidObjectException("A queue crosses as a HandleReference.");
  }
}
