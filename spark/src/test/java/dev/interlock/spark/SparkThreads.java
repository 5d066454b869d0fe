// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.util.Set;

/** Threads of Spark that last as long as its context, or a minute longer. */
final class SparkThreads {
  static final Set<String> LASTING =
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

  private SparkThreads() {}
}
