// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.TaskOutput;
import dev.interlock.TaskTimeoutException.Kind;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What executors tell the driver while tasks run, by Spark's own channel for plugins. */
sealed interface ChannelMessage extends Serializable {
  /** {@link PoolSpec#id()} of the executor that the task belongs to. */
  String pool();

  /** A limit has passed: the task is interrupted, or its executor ends. */
  record TimedOut(String pool, long taskId, int attempt, Kind kind, @Nullable String lastProgress)
      implements ChannelMessage {}

  /** A printed line. */
  record Output(String pool, String worker, long pid, long taskId, boolean error, String text)
      implements ChannelMessage {
    TaskOutput line() {
      return new TaskOutput(
          worker, pid, taskId, error ? TaskOutput.Stream.STDERR : TaskOutput.Stream.STDOUT, text);
    }
  }
}
