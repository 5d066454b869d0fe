// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.contract.ExecutorContract;
import java.util.Set;

class GilContractTest extends ExecutorContract {
  GilContractTest() {
    super("gil-threading");
  }

  @Override
  protected Set<String> expectedSkips() {
    return Set.of("C2", "F2", "F4", "F5", "I2", "I4", "I5", "I6", "S3", "W2", "W4");
  }
}
