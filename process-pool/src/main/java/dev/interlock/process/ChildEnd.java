// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The child's end of the conversation with its parent: by stdin and stdout until stdin ends, then
 * by the tasks channel, which another thread connects meanwhile. See {@link ParentEnd}.
 *
 * <p>What is said by stdout goes by a file descriptor of its own, which no task can close or
 * redirect. Where none can be had, for lack of {@code /proc}, the child says nothing before it is
 * connected.
 *
 * <p><b>Concurrency.</b> Confined to the main thread, but for {@link #offer} and {@link
 * #connected}. {@code lock} guards {@code offered} and the change of {@code channel}, which is
 * signalled under it, and who waits looks under it.
 */
final class ChildEnd {
  private static final String STDOUT = "/proc/self/fd/1";

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final InputStream stdin;
  private final byte[] token;
  private @Nullable OutputStream stdout;
  private boolean stdinEnded;
  private @Nullable Connector connector;
  private volatile @Nullable FrameChannel channel;

  /** What was offered last before the sockets were there. */
  private @Nullable Frame offered;

  /**
   * @param stdout where it speaks until stdin ends; null if it waits for the tasks channel
   */
  ChildEnd(InputStream stdin, byte[] token, @Nullable OutputStream stdout) {
    this.stdin = stdin;
    this.token = token;
    this.stdout = stdout;
  }

  /** Tells the parent that this process runs. */
  static ChildEnd open(InputStream stdin, byte[] token) {
    OutputStream stdout;
    try {
      stdout = new FileOutputStream(STDOUT);
      StdioFrames.write(stdout, token, Frame.bare(Frame.Kind.READY, 0));
    } catch (IOException e) {
      stdout = null; // the parent waits until this process is connected
    }
    return new ChildEnd(stdin, token, stdout);
  }

  /** Not to be closed: its number would go to the next file that is opened. */
  static InputStream stdin() {
    return new FileInputStream(FileDescriptor.in);
  }

  /** Has the tasks channel made by this thread, which is to be started here. */
  void connectBy(Connector thread) {
    connector = thread;
    thread.start();
  }

  private void beginToConnect() {
    Connector thread = connector;
    if (thread != null) {
      connector = null;
      thread.begin();
    }
  }

  /** The sockets are there. */
  void connected(FrameChannel tasks) throws IOException {
    lock.lock();
    try {
      if (offered != null) {
        tasks.offer(offered);
        offered = null;
      }
      channel = tasks;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The tasks channel; waits until it is there. */
  FrameChannel channel() {
    FrameChannel known = channel;
    return known == null ? awaitChannel() : known;
  }

  private FrameChannel awaitChannel() {
    beginToConnect();
    lock.lock();
    try {
      FrameChannel known = channel;
      while (known == null) {
        changed.awaitUninterruptibly(); // an interrupt is meant for a task
        known = channel;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the last frame came by stdin. */
  boolean isByStdin() {
    return !stdinEnded;
  }

  /** Waits for the next frame; null at the end. */
  @Nullable Frame read() throws IOException {
    if (!stdinEnded) {
      Frame frame = StdioFrames.read(stdin);
      if (frame != null) {
        return frame;
      }
      stdinEnded = true;
      closeStdout();
    }
    return channel().read();
  }

  /** Sends a frame, and waits until it is out. */
  void sendFully(Frame frame) throws IOException {
    OutputStream pipe = stdout;
    if (pipe == null || !StdioFrames.fits(frame)) {
      channel().sendFully(frame);
      return;
    }
    StdioFrames.write(pipe, token, frame);
    beginToConnect();
  }

  /** Sends a frame if nothing is in its way, or as soon as the sockets are there. Thread-safe. */
  void offer(Frame frame) throws IOException {
    FrameChannel known = channel;
    if (known == null) {
      known = channelOrKeep(frame);
    }
    if (known != null) {
      known.offer(frame);
    }
  }

  private @Nullable FrameChannel channelOrKeep(Frame frame) {
    lock.lock();
    try {
      FrameChannel known = channel;
      if (known == null) {
        offered = frame;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  private void closeStdout() throws IOException {
    OutputStream pipe = stdout;
    stdout = null;
    if (pipe != null) {
      pipe.close();
    }
  }
}
