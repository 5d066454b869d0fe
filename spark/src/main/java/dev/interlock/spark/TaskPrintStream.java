// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.spi.InterruptSlot;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An executor's standard output: everything goes to the executor's own log as before; what a task
 * prints whose pool has a listener goes to the driver besides, line by line. The task waits until
 * the driver has taken the line, so that it cannot fill the driver's memory.
 */
final class TaskPrintStream extends OutputStream {
  private static final int MOST_BYTES = 8 << 10;

  private final PrintStream log;
  private final String executorId;
  private final boolean error;
  private final ThreadLocal<ByteArrayOutputStream> line =
      ThreadLocal.withInitial(ByteArrayOutputStream::new);

  private TaskPrintStream(PrintStream log, String executorId, boolean error) {
    this.log = log;
    this.executorId = executorId;
    this.error = error;
  }

  /** Takes the place of both outputs, for the life of the executor. */
  static void install(String executorId) {
    System.setOut(with(System.out, executorId, false));
    System.setErr(with(System.err, executorId, true));
  }

  private static PrintStream with(PrintStream log, String executorId, boolean error) {
    return new PrintStream(
        new TaskPrintStream(log, executorId, error), true, StandardCharsets.UTF_8);
  }

  private static @Nullable RemoteTask listenedTo() {
    return InterruptSlot.occupantHere() instanceof RemoteTask task && task.pool().forwardsOutput()
        ? task
        : null;
  }

  @Override
  public void write(int one) {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    log.write(bytes, offset, length);
    RemoteTask task = listenedTo();
    if (task == null) {
      return;
    }
    ByteArrayOutputStream begun = line.get();
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == '\n') {
        send(task, begun);
      } else {
        begun.write(bytes[i]);
        if (begun.size() >= MOST_BYTES) {
          send(task, begun);
        }
      }
    }
  }

  private void send(RemoteTask task, ByteArrayOutputStream begun) {
    String text = begun.toString(StandardCharsets.UTF_8);
    begun.reset();
    ExecutorChannel.tell(
        new ChannelMessage.Output(
            task.pool().id(),
            "executor-" + executorId,
            ProcessHandle.current().pid(),
            task.taskId(),
            error,
            text));
  }

  @Override
  public void flush() {
    log.flush();
  }
}
