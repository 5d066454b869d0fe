// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.tasks;

import dev.interlock.TaskFunction;
import dev.interlock.examples.Load;
import dev.interlock.examples.TaskSet;
import dev.interlock.examples.TaskSetting;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** I/O-bound: each task is one HTTP GET from the loopback server. */
public final class FetchTasks implements TaskSet<String, Page> {
  private static final int FEW = 10;
  private static final int MANY = 1_000;
  private static final int MANY_QUICK = 250;

  private final boolean many;

  private FetchTasks(boolean many) {
    this.many = many;
  }

  static FetchTasks few() {
    return new FetchTasks(false);
  }

  static FetchTasks many() {
    return new FetchTasks(true);
  }

  @Override
  public String name() {
    return many ? "fetch-many" : "fetch";
  }

  @Override
  public Load load() {
    return Load.IO;
  }

  @Override
  public List<String> inputs(TaskSetting setting) {
    boolean scaled = many && setting.quick();
    int count = scaled ? MANY_QUICK : many ? MANY : FEW;
    String latency = scaled ? "5-15" : "50-150";
    return IntStream.range(0, count)
        .mapToObj(item -> setting.server().resolve("/item/" + item + "?ms=" + latency).toString())
        .toList();
  }

  @Override
  public TaskFunction<String, Page> function() {
    return Page::fetch;
  }

  @Override
  public @Nullable String scaledDown() {
    return many ? MANY_QUICK + " requests of 5-15 ms instead of " + MANY + " of 50-150 ms" : null;
  }
}
