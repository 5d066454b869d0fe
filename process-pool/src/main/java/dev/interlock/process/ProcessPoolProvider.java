// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Capability;
import dev.interlock.TaskExecutor;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.ExecutorSettings;
import java.util.EnumSet;
import java.util.Set;

/** Child JVMs that exchange encoded tasks and results with this one. Stateless. */
public final class ProcessPoolProvider implements ExecutorProvider {
  static final Set<Capability> CAPABILITIES =
      EnumSet.of(
          Capability.COPIED_TASKS,
          Capability.ISOLATED_STATE,
          Capability.PARALLELISM,
          Capability.CRASH_CONTAINMENT,
          Capability.KILL,
          Capability.RECYCLING);

  /** For {@link java.util.ServiceLoader}. */
  public ProcessPoolProvider() {}

  @Override
  public String strategy() {
    return "process-pool";
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.copyOf(CAPABILITIES);
  }

  @Override
  public TaskExecutor create(ExecutorSettings settings) {
    return ProcessExecutor.open(settings);
  }
}
