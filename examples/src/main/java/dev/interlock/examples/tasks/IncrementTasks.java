// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.tasks;

import dev.interlock.Capability;
import dev.interlock.TaskFunction;
import dev.interlock.examples.Load;
import dev.interlock.examples.TaskSet;
import dev.interlock.examples.TaskSetting;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * A race on purpose: 100 tasks add one to a shared counter, over and over, with no lock of their
 * own. The outcome is what the counter reads in the end.
 */
public final class IncrementTasks implements TaskSet<Integer, Integer> {
  private static final int TASKS = 100;
  private static final int INCREMENTS = 50_000;

  /** Volatile so that each increment stays a read, an addition and a write of its own. */
  private static volatile int counter;

  @Override
  public String name() {
    return "increment";
  }

  @Override
  public Load load() {
    return Load.CPU;
  }

  @Override
  public List<Integer> inputs(TaskSetting setting) {
    return Collections.nCopies(TASKS, INCREMENTS);
  }

  @Override
  public TaskFunction<Integer, Integer> function() {
    return IncrementTasks::increment;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // the race is what is measured
  private static int increment(int times) {
    for (int i = 0; i < times; i++) {
      counter++;
    }
    return times;
  }

  @Override
  public void reset() {
    counter = 0;
  }

  @Override
  public Integer outcome(List<Integer> results) {
    return counter;
  }

  @Override
  public Set<Capability> requires() {
    return Set.of(Capability.SHARED_MEMORY);
  }
}
