// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.io.IOException;
import java.util.Map;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an executor tells the driver while a task runs, by Spark's channel for plugins. There is
 * none where the plugin was not configured when the executor started.
 */
final class ExecutorChannel implements ExecutorPlugin {
  private static final Logger log = LoggerFactory.getLogger(ExecutorChannel.class);
  private static final String DRIVER = "driver";

  private static volatile @Nullable PluginContext channel;

  @Override
  public void init(PluginContext context, Map<String, String> extraConf) {
    channel = context;
    if (!context.executorID().equals(DRIVER)) {
      TaskPrintStream.install(context.executorID());
    }
  }

  @Override
  public void shutdown() {
    channel = null;
  }

  /** Tells the driver, without waiting. Nothing where there is no channel. */
  static void send(ChannelMessage message) {
    PluginContext context = channel;
    if (context == null) {
      return;
    }
    try {
      context.send(message);
    } catch (IOException | RuntimeException e) {
      log.debug("The driver does not hear {}", message, e);
    }
  }

  /** Tells the driver, and waits until it has taken it. Nothing where there is no channel. */
  static void tell(ChannelMessage message) {
    PluginContext context = channel;
    if (context == null) {
      return;
    }
    try {
      Object unused = context.ask(message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      log.debug("The driver does not hear {}", message, e);
    }
  }
}
