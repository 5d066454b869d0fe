// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.Capability;
import dev.interlock.TaskExecutor;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.ExecutorSettings;
import java.util.Set;

/** The strategy {@code gil-threading}: threads under one interpreter lock. */
public final class GilProvider implements ExecutorProvider {
  static final String STRATEGY = "gil-threading";

  private static final Set<Capability> CAPABILITIES =
      Set.of(Capability.SHARED_MEMORY, Capability.MUTUAL_EXCLUSION, Capability.NESTED_SUBMIT);

  @Override
  public String strategy() {
    return STRATEGY;
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  /** {@code min(32, processors + 4)}, as {@code concurrent.futures} has it for I/O. */
  @Override
  public int defaultWorkers(int processors) {
    return Math.min(32, processors + 4);
  }

  @Override
  public TaskExecutor create(ExecutorSettings settings) {
    AgentUse use = AgentUse.read(settings.options().under("agent"));
    use.prepare();
    GilOptions options = GilOptions.of(settings);
    return new GilExecutor(settings, CAPABILITIES, options);
  }
}
