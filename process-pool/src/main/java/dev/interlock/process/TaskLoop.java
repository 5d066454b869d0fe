// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.NotShareableException;
import dev.interlock.codec.CapsuleRunner;
import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.InterruptSlot;
import dev.interlock.spi.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Runs the tasks of a child on its main thread. {@link #cancel} is thread-safe. */
final class TaskLoop {
  private final ChildEnd end;
  private final int maxFrameBytes;
  private final TaskCodec codec;
  private final ChildOutput output;
  private final InterruptSlot slot = InterruptSlot.ofWorker(Thread.currentThread());
  private @Nullable ChildFastPath fastPath;
  private @Nullable ChildBuffers buffers;
  private volatile @Nullable ChildTask current;
  private volatile long lastCancelled;

  TaskLoop(ChildEnd end, int maxFrameBytes, TaskCodec codec, ChildOutput output) {
    this.end = end;
    this.codec = codec;
    this.output = output;
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Returns when the parent says so. */
  void run() throws IOException {
    for (Frame frame = next(); frame != null; frame = next()) {
      switch (frame.kind()) {
        case STOP -> {
          return;
        }
        case INITIALIZE, TASK -> answer(frame);
        case ATTACH -> attach(frame);
        case BUFFERS -> buffers = ChildBuffers.of(frame, maxFrameBytes);
        default -> throw new ProtocolException("an unexpected " + frame.kind());
      }
    }
    throw new IOException("the parent is gone");
  }

  private @Nullable Frame next() throws IOException {
    return fastPath == null ? end.read() : fastPath.next();
  }

  private void attach(Frame frame) throws IOException {
    try {
      fastPath = ChildFastPath.attach(end.channel(), frame);
    } catch (IOException | RuntimeException e) {
      byte[] reason = e.toString().getBytes(StandardCharsets.UTF_8);
      end.sendFully(new Frame(Frame.Kind.REFUSED, 0, reason));
      return;
    }
    end.sendFully(Frame.bare(Frame.Kind.ATTACHED, 0));
  }

  private void answer(Frame frame) throws IOException {
    byte[] outcome;
    ChildBuffers known = frame.kind() == Frame.Kind.TASK ? buffers : null;
    SideFile apart = known == null ? null : known.sink(frame.id());
    long startNs = System.nanoTime();
    ChildTask task = new ChildTask(frame.id(), end, startNs);
    slot.enter(frame.kind() == Frame.Kind.TASK ? task : frame);
    current = task;
    output.begin(frame.id());
    try {
      if (lastCancelled == frame.id() && frame.kind() == Frame.Kind.TASK) {
        task.cancelled();
        slot.interrupt(task); // the cancellation was faster than the task
      }
      outcome =
          CapsuleRunner.run(
              codec,
              frame.payload(),
              known == null ? null : known.source(),
              apart,
              new Announcement(frame, task));
    } finally {
      current = null;
      task.ended();
      slot.leave(frame.kind() == Frame.Kind.TASK ? task : frame);
      output.end();
    }
    long length = outcome.length + (apart == null ? 0 : apart.bytes());
    if (length > maxFrameBytes) {
      outcome = codec.encode(Outcome.failure(tooLarge(length)));
      if (apart != null) {
        apart.delete();
      }
    }
    if (fastPath == null) {
      end.sendFully(new Frame(Frame.Kind.OUTCOME, frame.id(), outcome));
    } else {
      fastPath.answer(frame.id(), outcome, System.nanoTime() - startNs);
    }
  }

  /** No lambda: the first one in a JVM takes milliseconds. */
  private final class Announcement implements Runnable {
    private final Frame frame;
    private final ChildTask task;

    Announcement(Frame frame, ChildTask task) {
      this.frame = frame;
      this.task = task;
    }

    @Override
    public void run() {
      announce(frame, task);
    }
  }

  /**
   * Tells the parent that the task begins, if it has a limit and the parent cannot see it
   * otherwise.
   */
  private void announce(Frame frame, ChildTask task) {
    if (frame.kind() != Frame.Kind.TASK
        || !(Delivery.isAnnounced(frame.id()) || end.isByStdin())
        || (fastPath != null && fastPath.isFromRing())) {
      return;
    }
    try {
      end.sendFully(Frame.bare(Frame.Kind.BEGUN, frame.id()));
    } catch (IOException e) {
      throw new UncheckedIOException("the parent is gone", e);
    }
    if (task.isAbandoned()) {
      Thread.currentThread().interrupt(); // a wait to send may have dropped it
    }
  }

  private NotShareableException tooLarge(long length) {
    return new NotShareableException(
        "the result: " + length + " bytes encoded",
        "At most "
            + maxFrameBytes
            + " can; raise interlock.process-pool.max-frame, or return a file.",
        null);
  }

  /** Interrupts the task with this id, if it runs or is about to; never another one. */
  void cancel(long id) {
    lastCancelled = id;
    ChildTask running = current;
    if (running != null && running.delivery() == id) {
      running.cancelled();
      slot.interrupt(running);
    }
  }
}
