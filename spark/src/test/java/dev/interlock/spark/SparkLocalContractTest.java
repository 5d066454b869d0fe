// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.util.Set;

/** The contract by Spark's local mode. */
class SparkLocalContractTest extends SparkContract {
  SparkLocalContractTest() {
    super("spark-local");
  }

  @Override
  protected Set<String> expectedSkips() {
    return Set.of("F2", "F4", "F5", "C2", "W2", "W4", "I1", "I2", "I4", "I5", "I6", "S6");
  }
}
