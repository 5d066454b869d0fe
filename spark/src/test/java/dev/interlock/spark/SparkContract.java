// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.contract.ExecutorContract;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What the contract must know of Spark, whatever runs the tasks. */
abstract class SparkContract extends ExecutorContract {
  /** Threads of Spark that last as long as its context, or a minute longer. */
  private static final Set<String> LASTING =
      Set.of(
          "Executor task ",
          "task-result-getter",
          "dispatcher-",
          "dag-scheduler",
          "block-manager",
          "driver-heartbeater",
          "driver-executor-delay-remove-thread",
          "element-tracking-store-worker",
          "rpc-",
          "netty-rpc",
          "shuffle-",
          "files-client",
          "context-cleaner",
          "Spark Context Cleaner",
          "spark-listener-group",
          "globalEventExecutor");

  private final String column;

  SparkContract(String column) {
    super("spark");
    this.column = column;
  }

  @Override
  protected final String column() {
    return column;
  }

  @Override
  public final Duration ampleForOneTask() {
    return Duration.ofSeconds(
        1); // by way of Spark's scheduler, several of its threads, and the network
  }

  /** All of them take a minute: {@code -Dspark.cancels=10000}. */
  @Override
  public final int randomCancels() {
    return Integer.getInteger("spark.cancels", 2_000);
  }

  @Override
  public List<String> flags() {
    return List.of("-Xmx512m"); // Spark wants so much of a driver
  }

  @Override
  protected final Set<String> lastingThreads() {
    return LASTING;
  }
}
