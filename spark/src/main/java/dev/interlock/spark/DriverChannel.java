// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import org.apache.spark.api.plugin.DriverPlugin;
import org.jspecify.annotations.Nullable;

/** Hears what executors tell, and passes it to the executor that the task belongs to. */
final class DriverChannel implements DriverPlugin {
  @Override
  public @Nullable Object receive(Object message) {
    if (message instanceof ChannelMessage told) {
      SparkExecutor executor = SharedContext.executor(told.pool());
      if (executor != null) {
        if (told instanceof ChannelMessage.TimedOut late) {
          executor.timedOut(late);
        } else if (told instanceof ChannelMessage.Output output) {
          executor.printed(output);
        }
      }
    }
    return null;
  }
}
