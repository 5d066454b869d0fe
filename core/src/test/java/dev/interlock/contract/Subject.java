// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.Capability;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.spi.ExecutorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The strategy under test, as the groups of the contract see it. */
public interface Subject {

  /** The strategy's name. */
  String strategy();

  /** The strategy's provider. */
  ExecutorProvider provider();

  /** An executor that the tests share; none may shut it down. */
  TaskExecutor executor();

  /** How many workers {@link #executor} and {@link #builder} have. */
  int workers();

  /** For an executor of the test's own: the strategy and the number of workers are set. */
  Interlock.Builder builder();

  /** Opens what the builder says; the caller closes it. */
  TaskExecutor open(Interlock.Builder builder);

  /** {@link #open(Interlock.Builder)} with nothing but the strategy and the number of workers. */
  default TaskExecutor open() {
    return open(builder());
  }

  /** A closed gate; it opens when the test ends. */
  Gate gate();

  /** An empty trace. */
  Trace trace();

  /** Whether the strategy declares this. */
  default boolean has(Capability capability) {
    return executor().capabilities().contains(capability);
  }

  /** Whether workers are processes that this one starts. */
  default boolean startsProcesses() {
    return has(Capability.CRASH_CONTAINMENT);
  }

  /** How many tasks are cancelled at random; fewer only where each takes milliseconds. */
  default int randomCancels() {
    return 10_000;
  }

  /** A time within which a task that does nothing is done, on a busy machine, too. */
  default Duration ampleForOneTask() {
    return Duration.ofMillis(150);
  }

  /** What a JVM needs, besides this one's own flags, to open the strategy as it is here. */
  default List<String> flags() {
    return List.of();
  }

  /** Skips the test where the strategy does not declare this. */
  default void needs(Capability capability) {
    assumeTrue(has(capability), "lacks " + capability);
  }

  /**
   * Keeps every worker busy until the gate opens. Returns once all of them are.
   *
   * <p>They wait without saying so, so that no worker is started in their place. Under an
   * interpreter lock all but the last wait outside it, so that all can start; the last one keeps
   * the lock.
   */
  default List<TaskFuture<?>> block(TaskExecutor executor, Gate gate) {
    Trace started = trace();
    boolean oneLock = has(Capability.MUTUAL_EXCLUSION);
    List<TaskFuture<?>> blockers = new ArrayList<>();
    for (int i = 1; i <= executor.workers(); i++) {
      boolean outside = oneLock && i < executor.workers();
      blockers.add(
          executor.submit(
              () -> {
                started.mark("started");
                if (outside) {
                  gate.pass();
                } else {
                  gate.hold();
                }
                return null;
              }));
      int submitted = i; // one by one: a short queue need not hold them all
      Waiting.await().until(() -> started.lines().size() == submitted);
    }
    return blockers;
  }

  /** Runs more tasks than there are workers and checks that each gives its result. */
  default void assertUsable(TaskExecutor executor) throws Exception {
    List<Integer> numbers = IntStream.range(0, executor.workers() * 4).boxed().toList();
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int number : numbers) {
      futures.add(executor.submit(() -> number));
    }
    assertThat(Waiting.getAll(futures)).as("results after what went before").isEqualTo(numbers);
  }
}
