// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import java.util.Objects;

/**
 * A line that a worker with an output of its own has written. Immutable.
 *
 * @param worker the worker's name: {@code worker-1}
 * @param pid its process
 * @param taskId the task that ran when the line was written through {@code System.out} or {@code
 *     System.err}; 0 if none ran, or the line was written past them, as the JVM itself and native
 *     code do. A task that forges this number can be believed to be another task of its worker
 * @param stream where it was written
 * @param line without its end; a line of more than 8 KiB comes in pieces
 */
public record TaskOutput(String worker, long pid, long taskId, Stream stream, String line) {
  /** The two outputs of a process. */
  public enum Stream {
    /** Standard output. */
    STDOUT,
    /** Standard error. */
    STDERR
  }

  /** Checks that nothing is null. */
  public TaskOutput {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(stream, "stream");
    Objects.requireNonNull(line, "line");
  }

  /** {@code [worker-1 pid 1234 task 17] line}. */
  @Override
  public String toString() {
    return "[" + worker + " pid " + pid + (taskId == 0 ? "" : " task " + taskId) + "] " + line;
  }
}
