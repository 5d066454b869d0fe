// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.Capability;
import dev.interlock.TaskExecutor;
import dev.interlock.config.Options;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.ExecutorSettings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Tasks in the executors of an Apache Spark cluster, or in this process's threads by Spark's local
 * mode. Stateless; loads without Spark, and then says what is missing.
 */
public final class SparkProvider implements ExecutorProvider {
  /** What local mode can do: tasks are copied, but all run in this process. */
  static final Set<Capability> LOCAL = EnumSet.of(Capability.COPIED_TASKS, Capability.PARALLELISM);

  /** What a cluster can do besides. */
  static final Set<Capability> CLUSTER =
      EnumSet.of(
          Capability.COPIED_TASKS,
          Capability.PARALLELISM,
          Capability.ISOLATED_STATE,
          Capability.CRASH_CONTAINMENT,
          Capability.KILL);

  /** For {@link java.util.ServiceLoader}. */
  public SparkProvider() {}

  @Override
  public String strategy() {
    return "spark";
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.copyOf(LOCAL);
  }

  @Override
  public Set<Capability> capabilities(Options options) {
    return problems().isEmpty()
        ? EnumSet.copyOf(SparkOptions.from(options).capabilities())
        : capabilities();
  }

  @Override
  public Duration defaultChunkTime() {
    return Duration.ofMillis(500);
  }

  @Override
  public List<String> problems() {
    try {
      Class.forName("org.apache.spark.SparkContext", false, SparkProvider.class.getClassLoader());
      return List.of();
    } catch (ClassNotFoundException | LinkageError e) {
      return List.of(
          "Apache Spark is not on the class path. Add org.apache.spark:spark-core_2.13:4.2.0 (4.1.3 or"
              + " newer), or run on a class path with the jars of a Spark distribution"
              + " ($SPARK_HOME/jars/*).");
    }
  }

  @Override
  public TaskExecutor create(ExecutorSettings settings) {
    List<String> problems = problems();
    if (!problems.isEmpty()) {
      throw new IllegalStateException("spark cannot start: " + problems.get(0));
    }
    return SparkExecutor.open(settings);
  }
}
