// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.tasks;

import dev.interlock.TaskFunction;
import dev.interlock.examples.Load;
import dev.interlock.examples.TaskSet;
import dev.interlock.examples.TaskSetting;
import java.util.Collections;
import java.util.List;

/** CPU-bound: each task is the sum of i*i below a million. */
public final class CrunchTasks implements TaskSet<Integer, Long> {
  static final int LIMIT = 1_000_000;
  private static final int TASKS = 200;

  @Override
  public String name() {
    return "crunch";
  }

  @Override
  public Load load() {
    return Load.CPU;
  }

  @Override
  public List<Integer> inputs(TaskSetting setting) {
    return Collections.nCopies(TASKS, LIMIT);
  }

  @Override
  public TaskFunction<Integer, Long> function() {
    return CrunchTasks::sumOfSquaresBelow;
  }

  static long sumOfSquaresBelow(int limit) {
    long sum = 0;
    for (long i = 0; i < limit; i++) {
      sum += i * i;
    }
    return sum;
  }
}
