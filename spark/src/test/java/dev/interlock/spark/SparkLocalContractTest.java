// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.contract.ExecutorContract;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The contract by Spark's local mode. */
class SparkLocalContractTest extends ExecutorContract {
  SparkLocalContractTest() {
    super("spark");
  }

  @Override
  protected String column() {
    return "spark-local";
  }

  @Override
  protected Set<String> expectedSkips() {
    return Set.of("F2", "F4", "F5", "C2", "W2", "W4", "I1", "I2", "I4", "I5", "I6", "S6");
  }

  @Override
  public Duration ampleForOneTask() {
    return Duration.ofSeconds(
        1); // by way of Spark's scheduler, several of its threads, and the network
  }

  @Override
  public List<String> flags() {
    return List.of("-Xmx512m"); // Spark wants so much of a driver
  }

  @Override
  protected Set<String> lastingThreads() {
    return SparkThreads.LASTING;
  }
}
