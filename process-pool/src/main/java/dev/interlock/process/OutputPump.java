// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.TaskOutput;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that reads one output stream of a child, line by line, until its end. A line longer than
 * the buffer is passed on in pieces, so a child that prints without line ends fills no heap.
 */
final class OutputPump implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(OutputPump.class);
  private static final int BUFFER_BYTES = 8 << 10;
  private static final int STACK_BYTES = 128 << 10;

  private final InputStream input;
  private final TaskOutput.Stream stream;
  private final OutputTail tail;
  private final OutputBuffer target;
  private final byte[] line = new byte[BUFFER_BYTES];
  private int lineLength;
  private boolean lineContinues;
  private long taskId;
  private volatile long bytesRead;
  private final Thread thread;

  private OutputPump(
      InputStream input,
      TaskOutput.Stream stream,
      String threadName,
      OutputTail tail,
      OutputBuffer target) {
    this.input = input;
    this.stream = stream;
    this.tail = tail;
    this.target = target;
    this.thread = new Thread(null, this, threadName, STACK_BYTES);
    thread.setDaemon(true);
  }

  /**
   * Starts reading.
   *
   * @param tail keeps the last lines, also when nobody takes them
   */
  static OutputPump start(
      InputStream input,
      TaskOutput.Stream stream,
      String threadName,
      OutputTail tail,
      OutputBuffer target) {
    OutputPump pump = new OutputPump(input, stream, threadName, tail, target);
    pump.thread.start();
    return pump;
  }

  @Override
  public void run() {
    byte[] part = new byte[BUFFER_BYTES];
    long read = 0;
    try (input) {
      for (int length = input.read(part); length >= 0; length = input.read(part)) {
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
      pass();
    }
    target.readerEnded();
  }

  private void add(byte next) {
    if (next != '\n') {
      line[lineLength++] = next;
      if (lineLength == line.length) {
        pass();
        lineContinues = true;
      }
    } else {
      if (lineLength > 0 || !lineContinues) {
        pass();
      }
      lineContinues = false;
    }
  }

  private void pass() {
    int start = 0;
    if (!lineContinues) {
      start = TaskMark.lengthAt(line, lineLength);
      taskId = TaskMark.taskId(line, start);
    }
    OutputLine whole = new OutputLine(stream, taskId, Arrays.copyOfRange(line, start, lineLength));
    lineLength = 0;
    tail.add(whole);
    target.put(whole);
  }

  long bytesRead() {
    return bytesRead;
  }

  /** Whether it has come to the end, now or within this time. */
  boolean awaitEnd(Duration limit) {
    try {
      TimeUnit.NANOSECONDS.timedJoin(thread, limit.toNanos());
    } catch (InterruptedException e) {
      log.debug("An interrupt that nobody can have meant", e);
    }
    return !thread.isAlive();
  }
}
