// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract on a cluster: one Master and two Workers. */
class SparkClusterContractTest extends SparkContract {
  @RegisterExtension static final OnCluster CLUSTER = new OnCluster();

  SparkClusterContractTest() {
    super("spark-cluster");
  }

  @Override
  protected Set<String> expectedSkips() {
    return Set.of("W2", "I1", "I4", "I5", "I6", "S6");
  }

  @Override
  protected boolean isLasting(ProcessHandle process) {
    return CLUSTER.isExecutor(process);
  }

  /** They are the Workers'. */
  @Override
  public boolean startsProcesses() {
    return false;
  }

  @Override
  public List<String> flags() {
    return CLUSTER.flags();
  }
}
