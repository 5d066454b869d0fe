// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.Capability;
import dev.interlock.TaskExecutor;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.ExecutorSettings;
import java.util.Set;

/** The strategy {@code free-threaded}: threads under no lock at all. */
public final class FreeThreadedProvider implements ExecutorProvider {
  static final Set<Capability> CAPABILITIES =
      Set.of(Capability.SHARED_MEMORY, Capability.PARALLELISM, Capability.NESTED_SUBMIT);

  /** For {@link java.util.ServiceLoader}. */
  public FreeThreadedProvider() {}

  @Override
  public String strategy() {
    return "free-threaded";
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public TaskExecutor create(ExecutorSettings settings) {
    return new FreeThreadedExecutor(settings);
  }
}
