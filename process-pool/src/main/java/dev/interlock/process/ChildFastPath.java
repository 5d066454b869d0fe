// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The child's ends of the two rings that it shares with its parent, and the socket beside them.
 *
 * <p>When the parent allows it, the child spins for a moment after each task, and rings for an
 * outcome only before it gives way to others: by then, who waits for it has mostly come and taken
 * it. It never starts another task before it has rung for the last outcome.
 *
 * <p>Confined to the child's main thread.
 */
final class ChildFastPath {
  private static final long SPIN_NS = 100_000;

  private final FrameChannel channel;
  private final ByteBuffer memory;
  private final RingReader tasks;
  private final RingWriter outcomes;
  private final SpinWait looks = new SpinWait();
  private boolean fromRing;
  private boolean owesBell;

  private ChildFastPath(FrameChannel channel, ByteBuffer memory) {
    this.channel = channel;
    this.memory = memory;
    this.tasks = new RingReader(RingFile.tasks(memory));
    this.outcomes = new RingWriter(RingFile.outcomes(memory));
  }

  /**
   * Maps the file that the parent names.
   *
   * @throws IOException if that cannot be done: the child stays with the socket
   */
  static ChildFastPath attach(FrameChannel channel, Frame attach) throws IOException {
    Path path = Path.of(new String(attach.payload(), StandardCharsets.UTF_8));
    return new ChildFastPath(channel, RingFile.attach(path));
  }

  /**
   * Waits for the next frame, whichever way it comes. A task that comes by the ring is claimed.
   *
   * @return null at the end of the stream
   */
  @Nullable Frame next() throws IOException {
    while (true) {
      while (tasks.next()) {
        Frame task = nextTask();
        if (task != null) {
          return task;
        }
      }
      if (RingFile.maySpin(memory) && taskComesWhileSpinning()) {
        continue;
      }
      ring();
      if (tasks.fallAsleep()) {
        Frame frame = channel.read();
        tasks.wakeUp();
        if (frame == null || frame.kind() != Frame.Kind.BELL) {
          fromRing = false;
          return frame;
        }
      }
    }
  }

  /** The task at hand; null if it was taken back. */
  private @Nullable Frame nextTask() throws IOException {
    byte[] payload = tasks.isElsewhere() ? large().payload() : tasks.payload();
    long id = tasks.id();
    boolean claimed = tasks.claim();
    tasks.release();
    if (!claimed) {
      return null;
    }
    ring();
    fromRing = true;
    return new Frame(Frame.Kind.TASK, id, payload);
  }

  /** The frame that belongs to the record at hand. A bell may be before it. */
  private Frame large() throws IOException {
    while (true) {
      Frame frame = channel.read();
      if (frame == null) {
        throw new IOException("the parent is gone");
      }
      if (frame.kind() == Frame.Kind.TASK && frame.id() == tasks.id()) {
        return frame;
      }
      if (frame.kind() != Frame.Kind.BELL) {
        throw new ProtocolException("an unexpected " + frame.kind());
      }
    }
  }

  private boolean taskComesWhileSpinning() throws IOException {
    looks.begin();
    do {
      if (!tasks.isEmpty()) {
        looks.found();
        return true;
      }
      if (!looks.spins()) {
        ring();
      }
      looks.pause();
    } while (looks.elapsedNs() < SPIN_NS);
    return false;
  }

  /** Whether the last task came by the ring: then its claim says that it begins. */
  boolean isFromRing() {
    return fromRing;
  }

  /** Answers the last frame that {@link #next} returned, the way it came. */
  void answer(long id, byte[] outcome, long ranNs) throws IOException {
    if (!fromRing) {
      channel.sendFully(new Frame(Frame.Kind.OUTCOME, id, outcome));
      return;
    }
    byte[] payload = outcome.length > Ring.LARGEST_PAYLOAD_BYTES ? null : outcome;
    int word = (int) Math.min(ranNs, 0xffff_ffffL);
    while (!outcomes.write(word, id, payload)) {
      awaitSpace(payload == null ? 0 : payload.length);
    }
    owesBell = true;
    if (payload == null) {
      ring();
      channel.sendFully(new Frame(Frame.Kind.OUTCOME, id, outcome));
    } else if (!RingFile.maySpin(memory)) {
      ring();
    }
  }

  private void awaitSpace(int payloadBytes) throws IOException {
    owesBell = true;
    ring();
    if (outcomes.mustWaitFor(payloadBytes)) {
      Frame frame = channel.read();
      if (frame == null) {
        throw new IOException("the parent is gone");
      }
      if (frame.kind() != Frame.Kind.BELL) {
        throw new ProtocolException("an unexpected " + frame.kind());
      }
    }
  }

  /** Rings for an outcome that nobody has taken yet, if the parent sleeps. */
  private void ring() throws IOException {
    if (owesBell) {
      owesBell = false;
      if (outcomes.unreadBytes() > 0 && outcomes.wakesReader()) {
        channel.sendFully(Frame.bare(Frame.Kind.BELL, 0));
      }
    }
  }
}
