// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Makes a child tell its parent which task prints. Threads that a task leaves behind print in the
 * name of the task that runs then. What is written to the file descriptors themselves belongs to no
 * task.
 */
final class ChildOutput {
  private final MarkingStream out;
  private final MarkingStream err;

  ChildOutput(OutputStream out, OutputStream err) {
    this.out = new MarkingStream(out);
    this.err = new MarkingStream(err);
  }

  /** Takes the place of this JVM's stdout and stderr. */
  static ChildOutput install() {
    ChildOutput output =
        new ChildOutput(
            new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
    System.setOut(new PrintStream(output.out, true, TaskMark.CHARSET));
    System.setErr(new PrintStream(output.err, true, TaskMark.CHARSET));
    return output;
  }

  /** The task of this delivery begins. */
  void begin(long delivery) {
    long taskId = Delivery.taskId(delivery);
    if (taskId != 0) {
      out.begin(taskId);
      err.begin(taskId);
    }
  }

  /** It has ended, and what it printed is on its way. */
  void end() {
    end(out);
    end(err);
  }

  private static void end(MarkingStream stream) {
    try {
      stream.end();
    } catch (IOException e) {
      return; // closed by a task, as it may; what it prints is lost, and nobody is left to tell
    }
  }
}
