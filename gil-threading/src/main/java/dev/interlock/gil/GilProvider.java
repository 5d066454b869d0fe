// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.Capability;
import dev.interlock.TaskExecutor;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.ExecutorSettings;
import java.time.Duration;
import java.util.Set;

/** The strategy {@code gil-threading}: platform threads under one interpreter lock. */
public final class GilProvider implements ExecutorProvider {
  static final String STRATEGY = "gil-threading";

  private static final Set<Capability> CAPABILITIES =
      Set.of(Capability.SHARED_MEMORY, Capability.MUTUAL_EXCLUSION, Capability.NESTED_SUBMIT);
  private static final int FEWEST_MAX_THREADS = 256;
  private static final int MOST_THREADS = 32_767;

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
  public int defaultQueueCapacity() {
    return 0;
  }

  @Override
  public TaskExecutor create(ExecutorSettings settings) {
    AgentUse use = AgentUse.read(settings.options().under("agent"));
    Duration switchInterval =
        settings.options().duration("switch-interval", Duration.ZERO, Gil.LONGEST_INTERVAL);
    int maxThreads =
        settings
            .options()
            .integerOr("auto", "max-threads", settings.workers(), MOST_THREADS)
            .orElse(Math.max(FEWEST_MAX_THREADS, settings.workers()));
    use.prepare();
    return new GilExecutor(
        settings, CAPABILITIES, new InterpreterLock(switchInterval.toNanos()), maxThreads);
  }
}
