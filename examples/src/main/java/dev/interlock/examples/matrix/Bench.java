// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import com.typesafe.config.ConfigFactory;
import dev.interlock.Interlock;
import dev.interlock.examples.TaskSetting;
import dev.interlock.examples.tasks.StartupTasks;
import java.util.List;
import java.util.function.IntConsumer;

/** What a measurement works with: it opens runners and says how far it is. */
final class Bench {
  private final CellRequest request;
  private final Plan plan;

  Bench(CellRequest request) {
    this.request = request;
    this.plan = Plan.of(request.quick());
  }

  Plan plan() {
    return plan;
  }

  TaskSetting setting() {
    return new TaskSetting(request.input(), request.server(), request.quick());
  }

  /** The executor cannot be opened: trying again would be in vain. */
  static final class NotOpenedException extends Exception {
    private static final long serialVersionUID = 1L;

    NotOpenedException(IllegalStateException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** Opens what runs the tasks: not yet waited for, its workers may still be starting. */
  Runner open() throws NotOpenedException {
    if (request.strategy().equals(Cell.SEQUENTIAL)) {
      return new SequentialRunner();
    }
    Interlock.Builder builder = Interlock.builder().strategy(request.strategy());
    if (request.workers() != null) {
      builder.workers(request.workers());
    }
    if (request.config() != null) {
      builder.config(ConfigFactory.parseFile(request.config().toFile()));
    }
    try {
      return new ExecutorRunner(builder.open());
    } catch (IllegalStateException e) {
      throw new NotOpenedException(e);
    }
  }

  /** A runner that has given its first result, and how long that took. */
  record Opened(Runner runner, double startupMillis) {}

  /** Opens a runner and waits for the result of a first, trivial task. */
  Opened openTimed() throws Exception {
    StartupTasks first = new StartupTasks();
    List<Integer> inputs = first.inputs(setting());
    long startNs = System.nanoTime();
    Runner runner = open();
    try {
      runner.run(first, inputs);
      return new Opened(runner, millisSince(startNs));
    } catch (Exception | Error e) {
      runner.close();
      throw e;
    }
  }

  static double millisSince(long startNs) {
    return (System.nanoTime() - startNs) / 1e6;
  }

  /** Measures a cell; tells the number of each run before it starts. */
  interface Measurement {
    RawCell measure(Bench bench, IntConsumer progress) throws Exception;
  }
}
