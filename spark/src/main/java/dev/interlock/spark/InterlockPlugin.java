// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Brings progress and printed lines of tasks from executors to the driver. Interlock configures it
 * in the SparkContext that it starts. For a SparkContext of your own, set {@code
 * spark.plugins=dev.interlock.spark.InterlockPlugin} before it starts, with Interlock's jars among
 * {@code spark.jars}; without it, progress time-outs and task output listeners are refused there.
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
