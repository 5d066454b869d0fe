// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Brings time-outs and printed lines of tasks from executors to the driver. Interlock configures it
 * in the SparkContext that it starts. For a SparkContext of your own, set {@code
 * spark.plugins=dev.interlock.spark.InterlockPlugin} before it starts, with Interlock's jars among
 * {@code spark.jars}; without it, a task that has timed out fails only when it has reacted to its
 * interrupt, and what tasks print stays in the executors' logs.
 */
public final class InterlockPlugin implements SparkPlugin {
  /** For Spark. */
  public InterlockPlugin() {}

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverChannel();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorChannel();
  }
}
