// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples;

import dev.interlock.Capability;
import dev.interlock.TaskFunction;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A workload that the matrix measures on every strategy. Implement it, with a public constructor
 * without parameters, to measure your own:
 *
 * <pre>{@code
 * public final class Primes implements TaskSet<Integer, Integer> {
 *   public Load load() { return Load.CPU; }
 *   public List<Integer> inputs(TaskSetting setting) { return List.of(100_000, 200_000, 300_000); }
 *   public TaskFunction<Integer, Integer> function() { return Primes::below; }
 *   static int below(int limit) { ... }
 * }
 * }</pre>
 *
 * <pre>{@code interlock matrix --tasks com.example.Primes --classpath primes.jar}</pre>
 *
 * <p>The results must depend on the inputs alone: every run on every strategy is compared with the
 * sequential one, by the JSON form of its {@link #outcome}. Numbers, texts, byte arrays, lists,
 * maps and records have one. Where workers are isolated, inputs and results are copied to and from
 * them. All methods but the function are called on one thread of a JVM that measures one strategy.
 *
 * @param <A> the type of the inputs
 * @param <R> the type of the results
 */
public interface TaskSet<A extends @Nullable Object, R extends @Nullable Object> {

  /** The name in the report; the simple class name by default. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** What the tasks spend their time on. */
  Load load();

  /** One input per task, the same list whenever the setting is the same; at least one. */
  List<A> inputs(TaskSetting setting);

  /** What a task does with its input: a lambda or a method reference, which can cross. */
  TaskFunction<A, R> function();

  /** Called before each run, for sets that keep state. */
  default void reset() {}

  /** What a run is judged by: by default its results, in the order of the inputs. */
  default @Nullable Object outcome(List<R> results) {
    return results;
  }

  /**
   * Capabilities without which the set makes no sense; on a strategy that lacks one it is reported
   * as unsupported.
   */
  default Set<Capability> requires() {
    return Set.of();
  }

  /** What the set leaves out when the setting is quick, for the report; null if nothing. */
  default @Nullable String scaledDown() {
    return null;
  }
}
