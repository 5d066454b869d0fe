// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parent's end of the conversation with one child: by its stdin and stdout until the sockets
 * are there, which a new JVM takes as long for as for its first task.
 *
 * <pre>
 * child started --READY by stdout--> one short task by stdin, BEGUN and OUTCOME by stdout
 *       |                                                  (large outcomes by the socket)
 *       +------ tasks and control channel connected ----> stdin is closed: all by the sockets
 * </pre>
 *
 * <p>One task only, before anything that a task leaves behind could read the child's stdin. So
 * short that the pipe, which is empty, takes it at once.
 *
 * <p><b>Concurrency.</b> Confined to the worker's thread, but for {@link #wakeup}, and for the
 * thread that reads stdout and adds to {@code early}. It calls {@link #wakeup} afterwards, and who
 * waits looks at {@code early} after {@code channels} has changed and before the wait: so no
 * wake-up is lost.
 */
final class ParentEnd implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(ParentEnd.class);

  private final Rendezvous rendezvous;
  private final Deadline deadline;
  private final Queue<Frame> early = new ConcurrentLinkedQueue<>();
  private volatile Rendezvous.@Nullable Channels channels;
  private @Nullable ChildProcess child;
  private @Nullable Connected listener;
  private volatile boolean answersByStdout;

  /** What is to be done when the sockets are there, before anything else goes by them. */
  interface Connected {
    void connected(Rendezvous.Channels channels) throws IOException;
  }

  /** How a child is started. */
  interface Starter {
    /**
     * Starts it.
     *
     * @param end filters its stdout
     */
    ChildProcess start(ParentEnd end) throws IOException;
  }

  private ParentEnd(Rendezvous rendezvous, Deadline deadline) {
    this.rendezvous = rendezvous;
    this.deadline = deadline;
  }

  /**
   * Starts a child, and tells it where it meets its parent.
   *
   * @param directory where they meet
   * @param deadline until when it must be connected
   */
  static ParentEnd start(
      Path directory, String name, int maxFrameBytes, Deadline deadline, Starter starter)
      throws IOException {
    ParentEnd end = new ParentEnd(Rendezvous.open(directory, name, maxFrameBytes), deadline);
    try {
      ChildProcess child = starter.start(end);
      end.child = child;
      child.onExit(end::wakeup);
      end.tell(child);
      return end;
    } catch (IOException | RuntimeException e) {
      end.close();
      throw e;
    }
  }

  private void tell(ChildProcess started) {
    try {
      rendezvous.launch().writeTo(started.stdin());
    } catch (IOException e) {
      log.debug("{} does not read its stdin; how it ends says more", started.describe(), e);
    }
  }

  /** The child's stdout without what it says to this end. */
  InputStream filter(InputStream stdout) {
    return new FrameFilter(stdout, rendezvous.launch().token(), this::came);
  }

  private void came(Frame frame) {
    early.add(frame);
    wakeup();
  }

  /** The child. */
  ChildProcess child() {
    ChildProcess started = child;
    if (started == null) {
      throw new IllegalStateException("no child has been started");
    }
    return started;
  }

  /**
   * Waits until the child runs: it has said so, or is connected.
   *
   * @return false if it has ended before
   * @throws ProtocolException if it was not ready in time
   */
  boolean awaitReady() throws IOException {
    while (channels == null) {
      Frame first = early.poll();
      if (first != null) {
        if (first.kind() != Frame.Kind.READY) {
          throw new ProtocolException("an unexpected " + first.kind());
        }
        return true;
      }
      if (!child().isAlive()) {
        return false;
      }
      meet(FrameChannel.NO_LIMIT);
    }
    return true;
  }

  /**
   * Waits until the sockets are there. No task will come by stdin.
   *
   * @return false if the child has ended before
   * @throws ProtocolException if it was not ready in time
   */
  boolean connect() throws IOException {
    closeStdin(); // so the child need not wait for a task
    while (channels == null) {
      if (!child().isAlive()) {
        return false;
      }
      meet(FrameChannel.NO_LIMIT);
    }
    return true;
  }

  private void meet(long limitNs) throws IOException {
    if (deadline.hasPassed()) {
      throw new ProtocolException(
          "it was not ready within interlock.process-pool.start-timeout = " + deadline.limit());
    }
    Rendezvous.Channels met = rendezvous.await(Math.min(limitNs, deadline.remainingNs()));
    if (met == null) {
      return;
    }
    channels = met;
    child().ignoreExit(); // from now on its channel says that it has ended
    Connected told = listener;
    listener = null;
    if (told != null) {
      told.connected(met);
    }
    closeStdin();
    rendezvous.close();
  }

  private void closeStdin() {
    try {
      child().stdin().close();
    } catch (IOException e) {
      log.debug("{} has ended already", child().describe(), e);
    }
  }

  /** The sockets; null if they are not there yet. */
  Rendezvous.@Nullable Channels channels() {
    return channels;
  }

  /** The sockets of a child that is connected. */
  Rendezvous.Channels sockets() {
    Rendezvous.Channels met = channels;
    if (met == null) {
      throw new IllegalStateException("not connected");
    }
    return met;
  }

  /** The socket by which tasks go, of a child that is connected. */
  FrameChannel tasks() {
    return sockets().tasks();
  }

  /** Has this done when the sockets are there, which they are not yet. */
  void whenConnected(Connected action) {
    listener = action;
  }

  /**
   * Sends the one task that goes by stdin. The caller sees to it that this comes after {@link
   * #awaitReady} and before {@link Connected#connected}.
   *
   * @throws IOException if the child is gone
   */
  void sendByStdin(Frame task) throws IOException {
    answersByStdout = true;
    StdioFrames.write(child().stdin(), task);
  }

  /**
   * Waits until there is something to {@link #read}, be it the end.
   *
   * @return false if there is nothing after {@code limitNs}, or something else has happened
   */
  boolean awaitInput(long limitNs) throws IOException {
    if (!early.isEmpty()) {
      return true;
    }
    Rendezvous.Channels met = channels;
    if (met != null) {
      return met.tasks().awaitInput(limitNs);
    }
    if (!child().isAlive()) {
      return true;
    }
    meet(limitNs);
    return false;
  }

  /** Waits for the next frame; null at the end. */
  @Nullable Frame read() throws IOException {
    Frame next = early.poll();
    while (next != null && next.kind() == Frame.Kind.READY) {
      next = early.poll();
    }
    if (next == null) {
      next = readSocket();
    }
    if (next != null && next.kind() == Frame.Kind.OUTCOME) {
      answersByStdout = false;
    }
    return next;
  }

  private @Nullable Frame readSocket() throws IOException {
    Rendezvous.Channels met = channels;
    if (met == null) {
      return lastWords();
    }
    Frame next;
    try {
      next = met.tasks().read();
    } catch (ProtocolException e) {
      throw e;
    } catch (IOException e) {
      next = lastWords();
      if (next == null) {
        throw e;
      }
    }
    return next == null ? lastWords() : next;
  }

  /** What the child has said by stdout before its end. */
  private @Nullable Frame lastWords() {
    if (answersByStdout) {
      child().awaitStdout();
    }
    return early.poll();
  }

  /** Ends a wait in {@link #awaitInput}, or the next one. Thread-safe. */
  void wakeup() {
    Rendezvous.Channels met = channels;
    if (met == null) {
      rendezvous.wakeup();
    } else {
      met.tasks().wakeup();
    }
  }

  @Override
  public void close() throws IOException {
    Rendezvous.Channels met = channels;
    try (rendezvous) {
      if (met != null) {
        met.close();
      } else if (child != null) {
        closeStdin();
      }
    }
  }
}
