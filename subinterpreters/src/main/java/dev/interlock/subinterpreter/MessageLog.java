// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A first-in, first-out queue of byte messages in files of its own, on Chronicle Queue.
 *
 * <pre>
 *   append -> append lock -> LogWriter -> cycle files -> LogReader <- read lock <- take, poll
 *                    |          |              (deleted behind the reader)   |
 *                    |          +-- counters.appended --> arrivals, woken ---+
 *                    +-- attachments, in memory, in the same order ----------+
 * </pre>
 *
 * <h2>Concurrency</h2>
 *
 * Any thread may append and any thread may read; appends exclude each other, and so do reads. An
 * append and a read run at the same time. A message is visible once {@link LogCounters#appended}
 * counts it, which is after all its records were written and its attachment was added: the reader
 * never looks into the files before, so it never sees part of a message.
 *
 * <p>A reader that finds nothing waits at {@code arrivals}, an appender that finds no room at
 * {@code room}; neither holds the read or the append lock meanwhile, so {@link #poll()} returns at
 * once. {@link WaitPoint} says why no wake-up is lost.
 *
 * <p>Lock order: a wait point's lock, append lock, read lock. {@link #close} takes the last two, a
 * waiting thread the first and then one of the others; nobody else takes two.
 *
 * <p>An interrupt ends a wait, and nothing else: {@code append}, {@code close} and a read that has
 * found its message go on and keep the thread's interrupt status.
 *
 * <h2>Lifecycle</h2>
 *
 * <p>A log has no thread. {@link #close} wakes all who wait, unmaps the files when nobody is inside
 * Chronicle, and releases the storage, which deletes the directory or keeps it.
 */
final class MessageLog implements AutoCloseable {
  /** How often to look for what another process has done. */
  private static final long PEER_RECHECK_NS = 300_000;

  private enum State {
    /** Takes and gives messages. */
    OPEN,
    /** An append or a read failed halfway, so the files can no longer be trusted. */
    BROKEN,
    /** Closed; the files are gone or about to go. */
    CLOSED
  }

  private final LogFiles files;
  private final LogCounters counters;
  private final LogRules rules;
  private final long maxMessages;
  private final Consumer<MessageLog> onClose;
  private final Queue<Object> attachments = new ConcurrentLinkedQueue<>();

  private final ReentrantLock appendLock = new ReentrantLock();
  private final ReentrantLock readLock = new ReentrantLock();
  private final WaitPoint arrivals;
  private final WaitPoint room;

  /** How many messages were read when the files took all they may; written by the appender. */
  private volatile long diskFullAt = -1;

  private volatile State state = State.OPEN;

  /** Why the state is BROKEN; written before it. */
  private @Nullable Throwable failure;

  /**
   * Opens an empty log that ends with {@link #close}.
   *
   * @param directory does not exist yet; its parent does
   * @param onClose called once, after the directory was deleted
   * @throws MissingJvmFlagsException if Chronicle cannot work in this JVM
   * @throws IOException if the directory cannot be created or there is no space; nothing is left
   */
  MessageLog(Path directory, Consumer<MessageLog> onClose) throws IOException {
    this(() -> new ScratchStorage(directory), LogRules.NONE, onClose);
  }

  /**
   * Opens a log.
   *
   * @param onClose called once, after the storage was released
   * @throws MissingJvmFlagsException if Chronicle cannot work in this JVM
   * @throws IOException if there is no space, or the storage cannot be had; nothing is left
   */
  MessageLog(LogFiles.Opener opener, LogRules rules, Consumer<MessageLog> onClose)
      throws IOException {
    Interrupt interrupt = Interrupt.suspend();
    try {
      files = new LogFiles(opener, rules.maxDiskBytes());
    } finally {
      interrupt.resume();
    }
    counters = files.storage().counters();
    this.rules = rules;
    maxMessages = rules.maxMessages();
    this.onClose = onClose;
    long recheckNs = files.storage().ends() == QueueEnds.BOTH ? WaitPoint.NEVER : PEER_RECHECK_NS;
    arrivals = new WaitPoint(this::available, recheckNs);
    room = new WaitPoint(this::hasRoom, recheckNs);
  }

  /** Appends a copy of the message; see {@link #append(byte[], int, int)}. */
  void append(byte[] message) throws IOException {
    append(message, 0, message.length);
  }

  /**
   * Appends a copy of these bytes as one message to a log without limits. Does not wait for a
   * reader.
   *
   * @throws IOException if there is no space ("No space left on device"); nothing was appended, and
   *     later appends succeed once there is space
   * @throws LogClosedException if the log is closed
   */
  void append(byte[] message, int offset, int length) throws IOException {
    if (!offer(message, offset, length, null)) {
      throw new IllegalStateException("There are limits to " + this);
    }
  }

  /**
   * Appends a copy of these bytes as one message unless that is more than {@link LogRules} allow,
   * and says whether it did. Does not wait for a reader.
   *
   * @param attachment handed to whoever gets the message; only in a log that is not durable
   * @throws IOException if there is no space ("No space left on device"); nothing was appended, and
   *     later appends succeed once there is space
   * @throws LogClosedException if the log is closed
   */
  boolean offer(byte[] message, int offset, int length, @Nullable Object attachment)
      throws IOException {
    Objects.checkFromIndexSize(offset, length, message.length);
    LogWriter writer = files.writer();
    appendLock.lock();
    try {
      checkOpen();
      if (isCountFull()) {
        return false;
      }
      Interrupt interrupt = Interrupt.suspend();
      try {
        long readBefore = counters.read();
        long messages = writer.append(message, offset, length, attachment != null);
        if (messages == LogWriter.FULL) {
          diskFullAt = readBefore;
          return false;
        }
        if (attachment != null) {
          attachments.add(attachment);
        }
        counters.appended(messages);
      } catch (RuntimeException | Error e) {
        breakDown(e);
        throw e;
      } finally {
        interrupt.resume();
      }
    } finally {
      appendLock.unlock();
    }
    arrivals.wake();
    return true;
  }

  /** {@link #offer(byte[], int, int, Object)}, waiting at most this long for room. */
  boolean offer(byte[] message, int offset, int length, @Nullable Object attachment, long timeoutNs)
      throws IOException, InterruptedException {
    long startNs = System.nanoTime();
    if (!room.enter(timeoutNs)) {
      return offer(message, offset, length, attachment);
    }
    try {
      boolean done = offer(message, offset, length, attachment);
      while (!done && room.await(startNs, timeoutNs)) {
        done = offer(message, offset, length, attachment);
      }
      return done;
    } finally {
      room.leave();
    }
  }

  /** Whether a message of this length can ever be appended. */
  boolean fitsWhenRead(int length) {
    return files.writer().fitsWhenRead(length);
  }

  /**
   * Takes the next message, waiting for it as long as it takes.
   *
   * @throws InterruptedException if interrupted before or while waiting; no message is lost
   * @throws LogClosedException if the log is closed, also while waiting
   */
  byte[] take() throws InterruptedException, IOException {
    return Objects.requireNonNull(poll(Long.MAX_VALUE));
  }

  /** The bytes of {@link #receive(long)}. */
  byte @Nullable [] poll(long timeoutNs) throws InterruptedException, IOException {
    LogMessage message = receive(timeoutNs);
    return message == null ? null : message.bytes();
  }

  /** The bytes of {@link #receive()}. */
  byte @Nullable [] poll() throws IOException {
    LogMessage message = receive();
    return message == null ? null : message.bytes();
  }

  /**
   * Takes the next message, waiting at most this long for it; {@code null} if none came.
   *
   * @throws InterruptedException if interrupted before or while waiting; no message is lost
   * @throws LogClosedException if the log is closed, also while waiting
   */
  @Nullable LogMessage receive(long timeoutNs) throws InterruptedException, IOException {
    if (Thread.interrupted()) {
      throw new InterruptedException("Interrupted before reading from " + directory());
    }
    LogMessage message = receive();
    if (message != null || timeoutNs <= 0) {
      return message;
    }
    long startNs = System.nanoTime();
    if (!arrivals.enter(timeoutNs)) {
      return receive();
    }
    try {
      while (message == null && arrivals.await(startNs, timeoutNs)) {
        message = receive();
      }
      return message;
    } finally {
      arrivals.leave();
    }
  }

  /**
   * Takes the next message if there is one, otherwise returns {@code null}. Waits for no message,
   * only until a reader that is copying one has done so.
   *
   * @throws LogClosedException if the log is closed
   */
  @Nullable LogMessage receive() throws IOException {
    if (!available()) {
      return null;
    }
    LogMessage message = null;
    readLock.lock();
    try {
      while (message == null && available()) {
        message = readMessage(files.reader());
      }
    } finally {
      readLock.unlock();
    }
    room.wake();
    return message;
  }

  /** Messages that can still be taken: exact when nobody appends or takes. */
  long size() {
    long freed = counters.freed();
    return Math.max(0, counters.appended() - freed);
  }

  /**
   * So many messages in the log count no longer, because nobody will get them.
   *
   * @param messages asked under the read lock
   */
  void discount(LongSupplier messages) {
    readLock.lock();
    try {
      if (state == State.OPEN) {
        counters.freed(counters.freed() + messages.getAsLong());
        counters.read(counters.read());
      }
    } finally {
      readLock.unlock();
    }
    room.wake();
  }

  /** Where the files are. */
  Path directory() {
    return files.storage().directory();
  }

  /**
   * Closes the log: appends and reads, those in progress included, throw {@link
   * LogClosedException}; unless the log is durable, messages not yet taken are lost and the
   * directory is deleted. Returns when all that has happened. Closing twice does nothing more.
   *
   * @throws IOException if a file could not be deleted
   */
  @Override
  public void close() throws IOException {
    moveTo(State.CLOSED);
    appendLock.lock();
    try {
      readLock.lock();
      try {
        attachments.clear();
        Interrupt interrupt = Interrupt.suspend();
        try {
          if (files.close()) {
            onClose.accept(this);
          }
        } finally {
          interrupt.resume();
        }
      } finally {
        readLock.unlock();
      }
    } finally {
      appendLock.unlock();
    }
  }

  @Override
  public String toString() {
    return "MessageLog[" + directory() + ", " + state + ", " + size() + " messages]";
  }

  /** Under the read lock, when there is a message; null if it was dropped. */
  private @Nullable LogMessage readMessage(LogReader reader) throws IOException {
    Interrupt interrupt = Interrupt.suspend();
    try {
      byte[] message = reader.read();
      Object attachment = reader.isAttached() ? attachments.remove() : null;
      LogRules.Verdict verdict = rules.judge(message);
      if (verdict != LogRules.Verdict.DROP_DISCOUNTED) {
        counters.freed(counters.freed() + 1);
      }
      counters.read(reader.messages());
      return verdict == LogRules.Verdict.DELIVER ? new LogMessage(message, attachment) : null;
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      breakDown(e);
      throw e;
    } finally {
      interrupt.resume();
    }
  }

  private boolean available() {
    checkOpen();
    return counters.appended() > counters.read();
  }

  private boolean hasRoom() {
    checkOpen();
    return !isCountFull() && counters.read() != diskFullAt;
  }

  private boolean isCountFull() {
    return maxMessages != LogRules.UNBOUNDED
        && counters.appended() - counters.freed() >= maxMessages;
  }

  private void checkOpen() {
    switch (state) {
      case OPEN -> {}
      case BROKEN ->
          throw new IllegalStateException(
              "The message log " + directory() + " failed and cannot be used any more; close it.",
              failure);
      case CLOSED -> throw new LogClosedException(directory().toString());
    }
  }

  private void breakDown(Throwable cause) {
    failure = cause;
    moveTo(State.BROKEN);
  }

  /** A state is never left for an earlier one. */
  private synchronized void moveTo(State next) {
    if (next.compareTo(state) > 0) {
      state = next;
    }
    arrivals.wake();
    room.wake();
  }
}
