// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract.bad;

import dev.interlock.contract.ExecutorContract;
import dev.interlock.contract.reference.ProviderLoader;
import dev.interlock.spi.ExecutorProvider;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The contract for the executor under suspicion; {@link BadExecutorsAreCaughtTest} runs it. */
class BadContract extends ExecutorContract {
  /** What to open; set before the contract runs. */
  static volatile Class<? extends ExecutorProvider> suspect;

  private final ProviderLoader loader = new ProviderLoader(List.of(suspect));

  BadContract() {
    super("bad");
  }

  @Override
  public int workers() {
    return 1;
  }

  @Override
  protected Set<String> expectedSkips() {
    return Set.of();
  }

  @Override
  protected <T> T lookingUp(Supplier<T> body) {
    return loader.call(body);
  }
}
