// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.tasks;

import dev.interlock.TaskFunction;
import dev.interlock.examples.Load;
import dev.interlock.examples.TaskSet;
import dev.interlock.examples.TaskSetting;
import java.util.List;

/** Next to no work: what is measured is the time from open to the first result. */
public final class StartupTasks implements TaskSet<Integer, Integer> {
  @Override
  public String name() {
    return "startup";
  }

  @Override
  public Load load() {
    return Load.CPU;
  }

  @Override
  public List<Integer> inputs(TaskSetting setting) {
    return List.of(41);
  }

  @Override
  public TaskFunction<Integer, Integer> function() {
    return number -> number + 1;
  }
}
