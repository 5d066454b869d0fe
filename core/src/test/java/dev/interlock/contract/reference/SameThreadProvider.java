// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract.reference;

import dev.interlock.Capability;
import dev.interlock.TaskExecutor;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.ExecutorSettings;
import java.util.Set;

/** Provides {@link SameThreadExecutor}; published only through a {@link ProviderLoader}. */
public final class SameThreadProvider implements ExecutorProvider {
  @Override
  public String strategy() {
    return "same-thread";
  }

  @Override
  public Set<Capability> capabilities() {
    return SameThreadExecutor.CAPABILITIES;
  }

  @Override
  public int defaultWorkers(int processors) {
    return 1;
  }

  @Override
  public TaskExecutor create(ExecutorSettings settings) {
    return new SameThreadExecutor(settings);
  }
}
