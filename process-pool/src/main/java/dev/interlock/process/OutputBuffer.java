// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines of one child between those who read them and the one who delivers them.
 *
 * <pre>
 * stdout -> OutputPump --+
 *                        +--> lines (bounded) --> this thread --> sink
 * stderr -> OutputPump --+
 * </pre>
 *
 * <p>When it is full, readers wait, so the child waits when it has filled its pipe: nothing is lost
 * as long as the sink takes lines. If the sink has taken none for a second, it is stuck: what comes
 * is dropped and counted, and the child goes on. When the sink moves again, a line says how many.
 *
 * <p><b>Concurrency.</b> The monitor guards everything but the sink. Each change that somebody may
 * wait for is made under it and followed by {@code notifyAll}, and whoever waits looks again under
 * it first, so no wake-up is lost. The sink, which may be user code, is called without it.
 */
final class OutputBuffer implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(OutputBuffer.class);
  private static final int CAPACITY_BYTES = 256 << 10;
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);
  private static final int STACK_BYTES = 256 << 10;

  private final ArrayDeque<OutputLine> lines = new ArrayDeque<>();
  private final Thread thread;
  private volatile OutputSink sink;
  private int readers;
  private long bytes;
  private long delivered;
  private long dropped;
  private long lastProgressNs = System.nanoTime();

  /**
   * @param readers how many will say that they have ended
   */
  private OutputBuffer(String threadName, int readers, OutputSink sink) {
    this.readers = readers;
    this.sink = sink;
    this.thread = new Thread(null, this, threadName, STACK_BYTES);
    thread.setDaemon(true);
  }

  static OutputBuffer start(String threadName, int readers, OutputSink sink) {
    OutputBuffer buffer = new OutputBuffer(threadName, readers, sink);
    buffer.thread.start();
    return buffer;
  }

  /** Lines go there from now on. */
  void deliverTo(OutputSink next) {
    sink = next;
  }

  /** Adds a line; waits for room as long as the sink takes lines. For readers. */
  synchronized void put(OutputLine line) {
    while (bytes >= CAPACITY_BYTES) {
      long leftNs = PATIENCE_NS - (System.nanoTime() - lastProgressNs);
      if (leftNs <= 0) {
        dropped++;
        return;
      }
      await(leftNs);
    }
    noteDropped();
    add(line);
  }

  /** A reader has come to the end. */
  synchronized void readerEnded() {
    readers--;
    noteDropped();
    notifyAll();
  }

  private void noteDropped() {
    if (dropped > 0) {
      add(OutputLine.note("Interlock: " + dropped + " lines dropped, nobody took them in time"));
      dropped = 0;
    }
  }

  private void add(OutputLine line) {
    if (bytes == 0) {
      lastProgressNs = System.nanoTime();
    }
    lines.add(line);
    bytes += line.costBytes();
    notifyAll();
  }

  /** An interrupt is somebody's mistake, and would cost a line. */
  private void await(long ns) {
    try {
      TimeUnit.NANOSECONDS.timedWait(this, ns);
    } catch (InterruptedException e) {
      log.debug("An interrupt that nobody can have meant", e);
    }
  }

  @Override
  public void run() {
    for (OutputLine line = next(); line != null; line = next()) {
      try {
        sink.line(line);
      } catch (RuntimeException | Error e) { // a System.out or a logger of the application's own
        log.warn("A line of a child's output is lost", e);
      }
      delivered(line);
    }
  }

  /** Null when the readers have ended and all is delivered. */
  private synchronized @Nullable OutputLine next() {
    while (lines.isEmpty() && readers > 0) {
      await(Long.MAX_VALUE);
    }
    return lines.poll();
  }

  private synchronized void delivered(OutputLine line) {
    bytes -= line.costBytes();
    delivered++;
    lastProgressNs = System.nanoTime();
    notifyAll();
  }

  /** Counts the lines that were delivered. */
  synchronized long deliveredLines() {
    return delivered;
  }

  /** Whether there are lines, and the sink takes them. */
  synchronized boolean isMoving() {
    return bytes > 0 && System.nanoTime() - lastProgressNs < PATIENCE_NS;
  }

  /** Waits until all lines are delivered; gives up on a sink that is stuck. */
  synchronized void awaitDelivery() {
    while (isMoving()) {
      await(PATIENCE_NS);
    }
    if (bytes > 0) {
      log.warn(
          "{} lines of output are lost: they could not be delivered", lines.size() + 1 + dropped);
      bytes -= lines.stream().mapToLong(OutputLine::costBytes).sum();
      lines.clear();
      dropped = 0;
      thread.interrupt();
    }
  }
}
