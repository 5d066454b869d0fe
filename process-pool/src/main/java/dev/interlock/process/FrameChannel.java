// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Frames over a socket. One thread, the reader, calls {@link #read}; any thread may {@link #send}.
 *
 * <pre>
 * any thread:  send -> outgoing (one frame) -> out (direct buffer) -> socket
 *                          | what the socket does not take at once
 * reader:      read  <- waits for both: writes the rest, reads socket -> in (direct buffer) -> frame
 * </pre>
 *
 * <p>The socket is non-blocking, so {@code send} never waits for the other side, two sides that
 * both send large frames cannot wait for each other, and no interrupt closes the socket: a blocking
 * NIO channel is closed by the interrupt of a thread that uses it, and user code interrupts.
 *
 * <p><b>Concurrency.</b> {@code sendLock} guards what is outgoing and is held for system calls that
 * do not wait. The reader confines everything else.
 */
final class FrameChannel implements Closeable {
  static final int BUFFER_BYTES = 64 << 10;

  /** For {@link #awaitInput}: as long as it takes. */
  static final long NO_LIMIT = Long.MAX_VALUE;

  /** So much is allocated for a payload before any of it has come. */
  private static final int FIRST_PART_BYTES = 1 << 20;

  /** By so much an array grows once it is full of what has come. */
  private static final int GROWTH = 4;

  private static final byte[] NOTHING = {};

  private final SocketChannel socket;
  private final int maxFrameBytes;
  private final Selector selector;
  private final SelectionKey key;

  private final ByteBuffer in;
  private boolean socketMayHoldMore;
  private volatile @Nullable Deadline end;

  private final Object sendLock = new Object();
  private final ByteBuffer out;
  private byte[] outgoing = NOTHING;
  private int outgoingAt;

  /** What waits for the frame that is going out, oldest first. */
  private final List<Frame> waiting = new ArrayList<>(0);

  FrameChannel(SocketChannel socket, int maxFrameBytes, int bufferBytes) throws IOException {
    this.socket = socket;
    this.maxFrameBytes = maxFrameBytes;
    this.in = ByteBuffer.allocateDirect(bufferBytes).limit(0);
    this.out = ByteBuffer.allocateDirect(bufferBytes).limit(0);
    socket.configureBlocking(false);
    this.selector = Selector.open();
    this.key = socket.register(selector, SelectionKey.OP_READ);
  }

  /**
   * Sends a frame, or begins to: the reader sends the rest.
   *
   * @return whether the whole frame is out
   * @throws IOException if the other side is gone, or the frame before this one is not out yet
   */
  boolean send(Frame frame) throws IOException {
    synchronized (sendLock) {
      if (out.hasRemaining() || outgoingAt < outgoing.length) {
        throw new IOException("the other side does not read");
      }
      begin(frame);
      if (write()) {
        return true;
      }
      key.interestOpsOr(SelectionKey.OP_WRITE);
    }
    selector.wakeup();
    return false;
  }

  /**
   * Sends a frame if the frames before it are out, or begins to.
   *
   * @return false, with nothing done, if they are not
   */
  boolean offer(Frame frame) throws IOException {
    synchronized (sendLock) {
      if (!isAllSent()) {
        return false;
      }
      send(frame);
      return true;
    }
  }

  /** Sends a frame, or puts it behind those that are not out yet: the reader sends it then. */
  void sendInTurn(Frame frame) throws IOException {
    synchronized (sendLock) {
      if (!offer(frame)) {
        waiting.add(frame);
      }
    }
  }

  /** The payload of a frame that waits is not needed any more: it is sent without. */
  void dropPayload(long id) {
    synchronized (sendLock) {
      waiting.replaceAll(frame -> frame.id() == id ? Frame.bare(frame.kind(), id) : frame);
    }
  }

  /** Sends a frame, after those that are not out yet, and waits until it is out. For the reader. */
  void sendFully(Frame frame) throws IOException {
    while (!offer(frame)) {
      await(null, NO_LIMIT);
    }
    while (!isAllSent()) {
      await(null, NO_LIMIT);
    }
  }

  private void begin(Frame frame) {
    out.clear();
    out.putInt(frame.payload().length).put(frame.kind().code()).putLong(frame.id());
    outgoing = frame.payload();
    outgoingAt = 0;
    fill();
  }

  /** Adds what fits of the outgoing payload, and makes {@code out} ready to be written. */
  private void fill() {
    int length = Math.min(out.remaining(), outgoing.length - outgoingAt);
    out.put(outgoing, outgoingAt, length).flip();
    outgoingAt += length;
  }

  private boolean write() throws IOException {
    while (true) {
      socket.write(out);
      if (out.hasRemaining()) {
        return false;
      }
      if (outgoingAt < outgoing.length) {
        out.clear();
        fill();
      } else if (waiting.isEmpty()) {
        outgoing = NOTHING;
        outgoingAt = 0;
        return true;
      } else {
        begin(waiting.remove(0));
      }
    }
  }

  /**
   * Waits for the next frame. Interrupts of the calling thread are dropped.
   *
   * @return null at the end of the stream
   * @throws ProtocolException if what came is no frame
   * @throws IOException if the connection broke, or the other side closed it before it had read all
   *     that was sent
   */
  @Nullable Frame read() throws IOException {
    return read(null, maxFrameBytes);
  }

  /**
   * {@link #read()} with limits of its own.
   *
   * @throws SocketTimeoutException if the frame is not there in time
   */
  @Nullable Frame read(@Nullable Deadline deadline, int maxBytes) throws IOException {
    if (!buffer(Frame.HEADER_BYTES, deadline)) {
      return null;
    }
    int length = in.getInt();
    Frame.Kind kind = Frame.Kind.ofCode(in.get());
    long id = in.getLong();
    if (length < 0 || length > maxBytes) {
      throw new ProtocolException(
          "a frame of " + length + " bytes; at most " + maxBytes + " are allowed");
    }
    byte[] payload = new byte[Math.min(length, FIRST_PART_BYTES)];
    int at = 0;
    while (at < length) {
      if (!buffer(1, deadline)) {
        return null;
      }
      if (at == payload.length) {
        payload = Arrays.copyOf(payload, (int) Math.min(length, (long) GROWTH * at));
      }
      int part = Math.min(in.remaining(), payload.length - at);
      in.get(payload, at, part);
      at += part;
    }
    return new Frame(kind, id, payload);
  }

  /**
   * Waits until there is something to {@link #read}, be it the end. For the reader. Interrupts of
   * the calling thread are dropped.
   *
   * @return false if there is nothing after {@code limitNs}, or {@link #wakeup} was called
   * @throws SocketTimeoutException if reading ends: see {@link #readUntil}
   */
  boolean awaitInput(long limitNs) throws IOException {
    if (!in.hasRemaining()) {
      socketMayHoldMore = await(null, limitNs); // what it may hold is not sure to be there
    }
    return in.hasRemaining() || socketMayHoldMore;
  }

  /** Ends a wait in {@link #awaitInput}, or the next one. Thread-safe. */
  void wakeup() {
    selector.wakeup();
  }

  /** Whether all that was sent is out. Once it is, only a {@link #send} changes that. */
  boolean isAllSent() {
    synchronized (sendLock) {
      return !out.hasRemaining() && outgoingAt == outgoing.length;
    }
  }

  /** Waits until so many bytes are in {@code in}; false at the end of the stream. */
  private boolean buffer(int bytes, @Nullable Deadline deadline) throws IOException {
    if (in.remaining() >= bytes) {
      return true;
    }
    in.compact();
    try {
      while (in.position() < bytes) {
        if (!socketMayHoldMore) {
          await(deadline, NO_LIMIT);
        }
        int read = socket.read(in);
        if (read < 0) {
          return false;
        }
        socketMayHoldMore = read > 0 && !in.hasRemaining();
      }
      return true;
    } finally {
      in.flip();
    }
  }

  /**
   * From now on, reading ends by this time, and so does waiting until all is sent. Thread-safe.
   *
   * @param deadline null for never
   */
  void readUntil(@Nullable Deadline deadline) {
    end = deadline;
    selector.wakeup();
  }

  /**
   * Waits until the socket can be read, and says whether it can; meanwhile sends what is outgoing.
   */
  private boolean await(@Nullable Deadline given, long limitNs) throws IOException {
    Thread.interrupted(); // else select would return at once, for ever
    Deadline deadline = given == null ? end : given;
    long waitNs = limitNs;
    if (deadline != null) {
      if (deadline.hasPassed()) {
        throw new SocketTimeoutException("no answer within " + deadline.limit());
      }
      waitNs = Math.min(limitNs, deadline.remainingNs());
    }
    if (waitNs <= 0) {
      selector.selectNow();
    } else if (waitNs == NO_LIMIT) {
      selector.select();
    } else {
      selector.select(TimeUnit.NANOSECONDS.toMillis(waitNs - 1) + 1);
    }
    boolean readable = !selector.selectedKeys().isEmpty() && key.isReadable();
    selector.selectedKeys().clear();
    synchronized (sendLock) {
      if ((key.interestOps() & SelectionKey.OP_WRITE) != 0 && write()) {
        key.interestOpsAnd(~SelectionKey.OP_WRITE);
      }
    }
    return readable;
  }

  @Override
  public void close() throws IOException {
    try (selector;
        socket) {
      selector.wakeup();
    }
  }
}
