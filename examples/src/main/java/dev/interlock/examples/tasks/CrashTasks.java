// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.tasks;

import dev.interlock.TaskFunction;
import dev.interlock.examples.Load;
import dev.interlock.examples.TaskSet;
import dev.interlock.examples.TaskSetting;
import java.util.List;
import java.util.stream.IntStream;

/** One of 20 tasks halts the runtime that it runs in. How many of the others survive? */
public final class CrashTasks implements TaskSet<Integer, Long> {
  /** How many tasks there are beside the one that crashes. */
  public static final int OTHERS = 19;

  /** The exit code that the crashing task leaves. */
  public static final int EXIT_CODE = 70;

  private static final int CULPRIT = OTHERS / 2;

  @Override
  public String name() {
    return "crash";
  }

  @Override
  public Load load() {
    return Load.MIXED;
  }

  @Override
  public List<Integer> inputs(TaskSetting setting) {
    return IntStream.rangeClosed(0, OTHERS).boxed().toList();
  }

  @Override
  public TaskFunction<Integer, Long> function() {
    return CrashTasks::crunchOrCrash;
  }

  private static long crunchOrCrash(int number) {
    if (number == CULPRIT) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
    return CrunchTasks.sumOfSquaresBelow(CrunchTasks.LIMIT - number);
  }
}
