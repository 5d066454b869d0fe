// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract.reference;

import dev.interlock.contract.ExecutorContract;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

class SameThreadContractTest extends ExecutorContract {
  private final ProviderLoader loader = new ProviderLoader(List.of(SameThreadProvider.class));

  SameThreadContractTest() {
    super("same-thread");
  }

  @Override
  public int workers() {
    return 1;
  }

  @Override
  protected Set<String> expectedSkips() {
    return Set.of(
        "C2", "C5", "F2", "F4", "F5", "I2", "I4", "I5", "I6", "S3", "S6", "W2", "W4", "W5");
  }

  @Override
  protected <T> T lookingUp(Supplier<T> body) {
    return loader.call(body);
  }
}
