// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.TaskOutput;
import dev.interlock.TaskOutputListener;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the output of an executor's children goes. Thread-safe. */
final class OutputRoute {
  /** For children that belong to no executor. */
  static final OutputRoute NOWHERE = new OutputRoute(OutputPolicy.DISCARD, null);

  private static final Logger log = LoggerFactory.getLogger(OutputRoute.class);
  private static final Logger LINES = LoggerFactory.getLogger("dev.interlock.process.output");

  private final OutputPolicy policy;
  private final @Nullable TaskOutputListener listener;
  private final AtomicBoolean failed = new AtomicBoolean();

  /**
   * @param listener takes the place of the policy, if there is one
   */
  OutputRoute(OutputPolicy policy, @Nullable TaskOutputListener listener) {
    this.policy = policy;
    this.listener = listener;
  }

  /** The sink of one child's lines. */
  OutputSink of(String worker, long pid) {
    TaskOutputListener told = listener;
    if (told != null) {
      return line -> tell(told, outputOf(worker, pid, line));
    }
    return switch (policy) {
      case FORWARD ->
          line -> {
            String tag = new TaskOutput(worker, pid, line.taskId(), line.stream(), "").toString();
            forward(tag, line);
          };
      case LOG -> line -> LINES.info("{}", outputOf(worker, pid, line));
      case DISCARD -> line -> {};
    };
  }

  private static TaskOutput outputOf(String worker, long pid, OutputLine line) {
    return new TaskOutput(worker, pid, line.taskId(), line.stream(), line.text());
  }

  private void tell(TaskOutputListener told, TaskOutput output) {
    try {
      told.line(output);
    } catch (RuntimeException | Error e) {
      if (failed.compareAndSet(false, true)) {
        log.warn("The listener of task output failed; it is called on, and not reported again", e);
      }
    }
  }

  /** The line's bytes are passed on as they are: parent and child have one encoding. */
  private static void forward(String tag, OutputLine line) {
    byte[] start = tag.getBytes(TaskMark.CHARSET);
    byte[] whole = new byte[start.length + line.bytes().length + 1];
    System.arraycopy(start, 0, whole, 0, start.length);
    System.arraycopy(line.bytes(), 0, whole, start.length, line.bytes().length);
    whole[whole.length - 1] = '\n';
    PrintStream target = line.stream() == TaskOutput.Stream.STDOUT ? System.out : System.err;
    target.write(whole, 0, whole.length); // one call, so that lines of two children do not mix
    target.flush();
  }
}
