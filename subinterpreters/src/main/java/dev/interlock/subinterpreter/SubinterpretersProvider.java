// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.Capability;
import dev.interlock.TaskExecutor;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.ExecutorSettings;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * {@code subinterpreters}: tasks run in isolated interpreters in this process. Needs the JVM flags
 * that {@link ChronicleFlags} names.
 */
public final class SubinterpretersProvider implements ExecutorProvider {
  static final String STRATEGY = "subinterpreters";
  static final Set<Capability> CAPABILITIES =
      Set.of(
          Capability.COPIED_TASKS,
          Capability.ISOLATED_STATE,
          Capability.PARALLELISM,
          Capability.RECYCLING);

  /** Called by {@link java.util.ServiceLoader}. */
  public SubinterpretersProvider() {}

  @Override
  public String strategy() {
    return STRATEGY;
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public List<String> problems() {
    try {
      ChronicleFlags.require();
      return List.of();
    } catch (MissingJvmFlagsException e) {
      return List.of(Objects.requireNonNull(e.getMessage()));
    }
  }

  /**
   * Starts an executor without interpreters; they come with the tasks.
   *
   * @throws MissingJvmFlagsException if this JVM lacks the flags that Chronicle Queue needs
   * @throws IllegalStateException if the directory of the queues, or a jar, cannot be opened
   */
  @Override
  public TaskExecutor create(ExecutorSettings settings) {
    ChronicleFlags.require();
    SubinterpreterOptions options = SubinterpreterOptions.from(settings.options());
    try {
      return new SubinterpreterExecutor(settings, options);
    } catch (IOException e) {
      throw new IllegalStateException(settings.name() + " cannot be opened: " + e.getMessage(), e);
    }
  }
}
