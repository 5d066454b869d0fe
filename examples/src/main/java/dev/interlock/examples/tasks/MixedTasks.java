// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.tasks;

import dev.interlock.TaskFunction;
import dev.interlock.examples.Load;
import dev.interlock.examples.TaskSet;
import dev.interlock.examples.TaskSetting;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Both loads: each task fetches a page, then computes for about as long as a tenth of the wait. */
public final class MixedTasks implements TaskSet<String, MixedTasks.Result> {
  private static final int TASKS = 20;
  private static final int TASKS_QUICK = 10;
  private static final int ROUNDS = 10;

  /**
   * What one task gives.
   *
   * @param page the page fetched
   * @param sum the sum computed
   */
  record Result(Page page, long sum) {}

  @Override
  public String name() {
    return "mixed";
  }

  @Override
  public Load load() {
    return Load.MIXED;
  }

  @Override
  public List<String> inputs(TaskSetting setting) {
    return IntStream.range(0, setting.quick() ? TASKS_QUICK : TASKS)
        .mapToObj(item -> setting.server().resolve("/item/" + item + "?ms=50-150").toString())
        .toList();
  }

  @Override
  public TaskFunction<String, Result> function() {
    return MixedTasks::fetchAndCrunch;
  }

  private static Result fetchAndCrunch(String address) throws Exception {
    Page page = Page.fetch(address);
    long sum = page.crc();
    for (int round = 0; round < ROUNDS; round++) {
      sum += CrunchTasks.sumOfSquaresBelow(CrunchTasks.LIMIT);
    }
    return new Result(page, sum);
  }

  @Override
  public @Nullable String scaledDown() {
    return TASKS_QUICK + " tasks instead of " + TASKS;
  }
}
