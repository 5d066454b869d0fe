// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.spi.FileTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A first-in, first-out queue of byte messages in files of its own, on Chronicle Queue.
 *
 * <pre>
 *   append -> append lock -> LogWriter -> cycle files -> LogReader <- read lock <- take, poll
 *                               |              (deleted behind the reader)   |
 *                               +-- appended (volatile) --> waiter, unparked +
 * </pre>
 *
 * <h2>Concurrency</h2>
 *
 * Any thread may append and any thread may read; appends exclude each other, and so do reads. An
 * append and a read run at the same time. A message is visible once {@link #appended} counts it,
 * which is after all its records were written: the reader never looks into the files before, so it
 * never sees part of a message.
 *
 * <p>A reader that finds nothing takes the wait lock, spins a little, then parks; others that want
 * to wait queue for that lock. It does not hold the read lock meanwhile, so {@link #poll()} returns
 * at once. The appender sets {@code appended} before it looks for a waiter, and the waiter
 * registers before it looks at {@code appended}, so one of them sees the other.
 *
 * <p>Lock order: wait lock, append lock, read lock. {@link #close} takes the last two, a waiting
 * reader the first and then the last; nobody else takes two.
 *
 * <p>An interrupt ends a wait, and nothing else: {@code append}, {@code close} and a read that has
 * found its message go on and keep the thread's interrupt status.
 *
 * <h2>Lifecycle</h2>
 *
 * <p>A log has no thread. {@link #close} wakes all who wait, unmaps the files when nobody is inside
 * Chronicle, and deletes the directory.
 */
final class MessageLog implements AutoCloseable {
  /** Looks for a message this often before parking: tens of microseconds. */
  private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 2_000 : 0;

  private enum State {
    /** Takes and gives messages. */
    OPEN,
    /** An append or a read failed halfway, so the files can no longer be trusted. */
    BROKEN,
    /** Closed; the files are gone or about to go. */
    CLOSED
  }

  private final Path directory;
  private final ChronicleQueue queue;
  private final LogWriter writer;
  private final LogReader reader;
  private final Consumer<MessageLog> onClose;

  private final ReentrantLock appendLock = new ReentrantLock();
  private final ReentrantLock readLock = new ReentrantLock();
  private final ReentrantLock waitLock = new ReentrantLock();

  /** Whole messages appended; written under the append lock. */
  private volatile long appended;

  /** Messages read; written under the read lock. */
  private volatile long read;

  /** The reader that is about to park or has; written under the wait lock. */
  private volatile @Nullable Thread waiter;

  private volatile State state = State.OPEN;

  /** Why the state is BROKEN; written before it. */
  private @Nullable Throwable failure;

  /**
   * Opens an empty log.
   *
   * @param directory does not exist yet; its parent does
   * @param onClose called once, after the directory was deleted
   * @throws MissingJvmFlagsException if Chronicle cannot work in this JVM
   * @throws IOException if the directory cannot be created or there is no space; nothing is left
   */
  MessageLog(Path directory, Consumer<MessageLog> onClose) throws IOException {
    ChronicleFlags.require();
    this.directory = directory;
    this.onClose = onClose;
    Files.createDirectory(directory);
    ChronicleQueue opened = null;
    Interrupt interrupt = Interrupt.suspend();
    try {
      CycleFiles files = new CycleFiles(directory);
      files.createMetadata();
      ByteCycle cycle = new ByteCycle();
      opened = open(directory, cycle);
      queue = opened;
      writer = new LogWriter(queue, files, cycle);
      reader = new LogReader(queue, files);
    } catch (IOException | RuntimeException | Error e) {
      if (opened != null) {
        opened.close();
      }
      try {
        FileTree.delete(directory);
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    } finally {
      interrupt.resume();
    }
  }

  /** Chronicle looks for services through the context loader once and for ever: it gets ours. */
  private static ChronicleQueue open(Path directory, ByteCycle cycle) {
    Thread thread = Thread.currentThread();
    ClassLoader context = thread.getContextClassLoader();
    thread.setContextClassLoader(MessageLog.class.getClassLoader());
    try {
      return SingleChronicleQueueBuilder.binary(directory)
          .rollCycle(cycle)
          .timeProvider(cycle)
          .blockSize(LogWriter.BLOCK_BYTES)
          .checkInterrupts(false)
          .build();
    } finally {
      thread.setContextClassLoader(context);
    }
  }

  /** Appends a copy of the message; see {@link #append(byte[], int, int)}. */
  void append(byte[] message) throws IOException {
    append(message, 0, message.length);
  }

  /** Appends a copy of what remains in the buffer and leaves the buffer as it was. */
  void append(ByteBuffer message) throws IOException {
    if (message.hasArray()) {
      append(message.array(), message.arrayOffset() + message.position(), message.remaining());
    } else {
      byte[] copy = new byte[message.remaining()];
      message.get(message.position(), copy);
      append(copy, 0, copy.length);
    }
  }

  /**
   * Appends a copy of these bytes as one message. Does not wait for a reader.
   *
   * @throws IOException if there is no space ("No space left on device"); nothing was appended, and
   *     later appends succeed once there is space
   * @throws LogClosedException if the log is closed
   */
  void append(byte[] message, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, message.length);
    appendLock.lock();
    try {
      checkOpen();
      Interrupt interrupt = Interrupt.suspend();
      try {
        appended = writer.append(message, offset, length);
      } catch (RuntimeException | Error e) {
        breakDown(e);
        throw e;
      } finally {
        interrupt.resume();
      }
    } finally {
      appendLock.unlock();
    }
    wake();
  }

  /**
   * Takes the next message, waiting for it as long as it takes.
   *
   * @throws InterruptedException if interrupted before or while waiting; no message is lost
   * @throws LogClosedException if the log is closed, also while waiting
   */
  byte[] take() throws InterruptedException, IOException {
    byte[] message = poll(Long.MAX_VALUE);
    return Objects.requireNonNull(message);
  }

  /**
   * Takes the next message, waiting at most this long for it; {@code null} if none came.
   *
   * @throws InterruptedException if interrupted before or while waiting; no message is lost
   * @throws LogClosedException if the log is closed, also while waiting
   */
  byte @Nullable [] poll(long timeoutNs) throws InterruptedException, IOException {
    if (Thread.interrupted()) {
      throw new InterruptedException("Interrupted before reading from " + directory);
    }
    byte[] message = poll();
    if (message != null || timeoutNs <= 0) {
      return message;
    }
    long startNs = System.nanoTime();
    if (!waitLock.tryLock(timeoutNs, TimeUnit.NANOSECONDS)) {
      return poll();
    }
    try {
      while (message == null && awaitMessage(startNs, timeoutNs)) {
        message = poll();
      }
      return message;
    } finally {
      waitLock.unlock();
    }
  }

  /**
   * Takes the next message if there is one, otherwise returns {@code null}. Waits for no message,
   * only until a reader that is copying one has done so.
   *
   * @throws LogClosedException if the log is closed
   */
  byte @Nullable [] poll() throws IOException {
    if (!available()) {
      return null;
    }
    readLock.lock();
    try {
      return available() ? readMessage() : null;
    } finally {
      readLock.unlock();
    }
  }

  /** Messages that were appended and not yet taken: exact when nobody appends or takes. */
  long size() {
    long taken = read;
    return appended - taken;
  }

  /** Where the files are. */
  Path directory() {
    return directory;
  }

  /**
   * Closes the log: appends and reads, those in progress included, throw {@link
   * LogClosedException}; messages not yet taken are lost; the directory is deleted. Returns when
   * all that has happened. Closing twice does nothing more.
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
        if (queue.isClosed()) {
          return;
        }
        Interrupt interrupt = Interrupt.suspend();
        try {
          writer.close();
          reader.close();
          queue.close();
          FileTree.delete(directory);
        } finally {
          interrupt.resume();
          onClose.accept(this);
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
    return "MessageLog[" + directory + ", " + state + ", " + size() + " messages]";
  }

  private byte[] readMessage() throws IOException {
    Interrupt interrupt = Interrupt.suspend();
    try {
      byte[] message = reader.read();
      read = reader.messages();
      return message;
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      breakDown(e);
      throw e;
    } finally {
      interrupt.resume();
    }
  }

  /** Under the wait lock. Whether a message was there before the time was up. */
  private boolean awaitMessage(long startNs, long timeoutNs) throws InterruptedException {
    for (int spin = 0; spin < SPINS; spin++) {
      Thread.onSpinWait();
      if (available()) {
        return true;
      }
    }
    waiter = Thread.currentThread();
    try {
      while (!available()) {
        if (Thread.interrupted()) {
          throw new InterruptedException("Interrupted while waiting for a message in " + directory);
        }
        if (timeoutNs == Long.MAX_VALUE) {
          LockSupport.park(this);
        } else {
          long leftNs = timeoutNs - (System.nanoTime() - startNs);
          if (leftNs <= 0) {
            return false;
          }
          LockSupport.parkNanos(this, leftNs);
        }
      }
      return true;
    } finally {
      waiter = null;
    }
  }

  private boolean available() {
    checkOpen();
    return appended > read;
  }

  private void checkOpen() {
    switch (state) {
      case OPEN -> {}
      case BROKEN ->
          throw new IllegalStateException(
              "The message log " + directory + " failed and cannot be used any more; close it.",
              failure);
      case CLOSED -> throw new LogClosedException(directory.toString());
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
    wake();
  }

  private void wake() {
    Thread parked = waiter;
    if (parked != null) {
      LockSupport.unpark(parked);
    }
  }
}
