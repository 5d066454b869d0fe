// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Capability;
import dev.interlock.TaskExecutor;
import dev.interlock.config.Options;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A strategy, found by {@link java.util.ServiceLoader}. Its module carries a {@code reference.conf}
 * with its options under {@code interlock.<strategy>}. Stateless and thread-safe.
 */
public interface ExecutorProvider {

  /** The name as configuration writes it: lower case, hyphens. */
  String strategy();

  /** What the strategy can do. */
  Set<Capability> capabilities();

  /**
   * What the strategy can do as these options have it, where that depends on them. What {@link
   * #capabilities} has is part of it.
   *
   * @param options {@code interlock.<strategy>}
   */
  default Set<Capability> capabilities(Options options) {
    return capabilities();
  }

  /** How many workers there are by default on a machine with so many processors: as many. */
  default int defaultWorkers(int processors) {
    return processors;
  }

  /**
   * The bound of the queue by default; 0 for unbounded, which only shared memory may be: there, a
   * queued task is a reference.
   */
  default int defaultQueueCapacity() {
    return capabilities().contains(Capability.COPIED_TASKS) ? 16_384 : 0;
  }

  /** How long a chunk of {@code map} should take by default, where tasks are copied. */
  default Duration defaultChunkTime() {
    return Duration.ofMillis(5);
  }

  /**
   * What keeps this strategy from running in this JVM, each a sentence with the exact remedy; empty
   * when nothing does.
   */
  default List<String> problems() {
    return List.of();
  }

  /**
   * Starts an executor. Its workers may still be starting when this returns.
   *
   * @throws dev.interlock.ConfigurationException if an option of the strategy is wrong
   * @throws IllegalStateException if the JVM lacks what the strategy needs; the message has the
   *     remedy
   */
  TaskExecutor create(ExecutorSettings settings);
}
