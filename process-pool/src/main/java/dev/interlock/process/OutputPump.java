// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that reads one output stream of a child, line by line, until its end. A line longer than
 * the buffer is passed on in pieces, so a child that prints without line ends fills no heap. A
 * child that prints faster than this process does waits.
 */
final class OutputPump implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(OutputPump.class);
  private static final int BUFFER_BYTES = 8 << 10;
  private static final int STACK_BYTES = 128 << 10;

  private final InputStream stream;
  private final OutputSink sink;
  private final byte[] line = new byte[BUFFER_BYTES];
  private int lineLength;
  private volatile long bytesRead;
  private final Thread thread;

  private OutputPump(InputStream stream, String threadName, OutputSink sink) {
    this.stream = stream;
    this.sink = sink;
    this.thread = new Thread(null, this, threadName, STACK_BYTES);
    thread.setDaemon(true);
  }

  static OutputPump start(InputStream stream, String threadName, OutputSink sink) {
    OutputPump pump = new OutputPump(stream, threadName, sink);
    pump.thread.start();
    return pump;
  }

  @Override
  public void run() {
    byte[] part = new byte[BUFFER_BYTES];
    long read = 0;
    try (stream) {
      for (int length = stream.read(part); length >= 0; length = stream.read(part)) {
        read += length;
        bytesRead = read;
        for (int i = 0; i < length; i++) {
          add(part[i]);
        }
      }
    } catch (IOException e) {
      log.debug("The output of a child ended early", e);
    }
    if (lineLength > 0) {
      endLine();
    }
  }

  private void add(byte next) {
    if (next == '\n') {
      endLine();
    } else {
      line[lineLength++] = next;
      if (lineLength == line.length) {
        endLine();
      }
    }
  }

  private void endLine() {
    try {
      sink.line(line, lineLength);
    } catch (RuntimeException e) { // a System.out or a logger of the application's own
      log.warn("A line of a child's output is lost", e);
    }
    lineLength = 0;
  }

  /** Waits until the stream's end, or until nothing has come for so long. */
  void awaitEnd(Duration quiet) {
    long seen;
    do {
      seen = bytesRead;
      join(quiet);
    } while (thread.isAlive() && bytesRead != seen);
  }

  private void join(Duration limit) {
    try {
      TimeUnit.NANOSECONDS.timedJoin(thread, limit.toNanos());
    } catch (InterruptedException e) {
      log.debug("An interrupt that nobody can have meant", e);
    }
  }
}
