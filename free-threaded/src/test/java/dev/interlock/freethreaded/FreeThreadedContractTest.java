// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.contract.ExecutorContract;
import java.util.Set;

class FreeThreadedContractTest extends ExecutorContract {
  FreeThreadedContractTest() {
    super("free-threaded");
  }

  @Override
  protected Set<String> expectedSkips() {
    return Set.of("C2", "F2", "F4", "F5", "I1", "I2", "I4", "I5", "I6", "S3", "W2", "W4");
  }

  /** What JDK 25 starts with the first virtual threads that wait. */
  @Override
  protected Set<String> lastingThreads() {
    return Set.of("VirtualThread-unblocker", "ForkJoinPool-1-delayScheduler");
  }
}
