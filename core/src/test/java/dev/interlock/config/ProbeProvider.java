// SPDX-License-Identifier: Apache-2.0
package dev.interlock.config;

import dev.interlock.Capability;
import dev.interlock.TaskExecutor;
import dev.interlock.contract.reference.ProviderLoader;
import dev.interlock.contract.reference.SameThreadExecutor;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.ExecutorSettings;
import java.util.List;
import java.util.Set;

/** A strategy that shows what it was told. */
public class ProbeProvider implements ExecutorProvider {
  static final String REFERENCE =
      """
      interlock.probe {
        size = 5
        limit = 2s
        memory = 64KiB
        mode = as-is
        flag = true
        names = [a, b]
      }
      """;

  /** What was handed to {@link #create} last. */
  static volatile ExecutorSettings told;

  /** Publishes this strategy with its options. */
  static ProviderLoader loader() {
    return new ProviderLoader(List.of(ProbeProvider.class)).with("reference.conf", REFERENCE);
  }

  @Override
  public String strategy() {
    return "probe";
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.SHARED_MEMORY, Capability.PARALLELISM);
  }

  @Override
  public int defaultWorkers(int processors) {
    return 1;
  }

  @Override
  public TaskExecutor create(ExecutorSettings settings) {
    told = settings;
    return new SameThreadExecutor(settings);
  }
}
