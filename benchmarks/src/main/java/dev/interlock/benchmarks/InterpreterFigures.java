// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import dev.interlock.Interlock;
import dev.interlock.MapOptions;
import dev.interlock.Task;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.subinterpreter.Interpreter;
import dev.interlock.subinterpreter.Interpreters;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What interpreters and the executor {@code subinterpreters} do, under the names that {@code
 * benchmarks/cpython/interpreters.py} has for CPython's: one line per figure, its name, value and
 * unit.
 */
final class InterpreterFigures {
  private static final int WORKERS = 2;
  private static final Task<Integer> TINY = () -> 1;

  private InterpreterFigures() {}

  private static void show(String name, double value, String unit) {
    System.out.println(Timing.line(name, value, unit));
  }

  /** All of them; half a minute. */
  public static void main(String[] arguments) throws Exception {
    memory();
    create();
    try (Interpreter warm = Interpreters.create()) {
      calls(warm);
    }
    pool();
  }

  private static void create() throws Exception {
    int rounds = 300;
    double[] created = new double[rounds];
    double[] called = new double[rounds];
    for (int i = -rounds; i < rounds; i++) {
      long startNs = System.nanoTime();
      try (Interpreter interpreter = Interpreters.create()) {
        long createdNs = System.nanoTime();
        interpreter.call(TINY);
        if (i >= 0) {
          created[i] = (createdNs - startNs) / 1e6;
          called[i] = (System.nanoTime() - startNs) / 1e6;
        }
      }
    }
    show("create", Timing.quantile(created, 50), "ms");
    show("create, p90", Timing.quantile(created, 90), "ms");
    show("create and call", Timing.quantile(called, 50), "ms");
    show("create and call, p90", Timing.quantile(called, 90), "ms");
  }

  private static void calls(Interpreter interpreter) throws Exception {
    double[] hot = new double[50_000];
    for (int i = -50_000; i < hot.length; i++) {
      double time = Timing.seconds(() -> interpreter.call(TINY));
      if (i >= 0) {
        hot[i] = time * 1e6;
      }
    }
    show("call", Timing.quantile(hot, 50), "us");
    double[] parked = new double[500];
    for (int i = 0; i < parked.length; i++) {
      Thread.sleep(1);
      parked[i] = Timing.seconds(() -> interpreter.call(TINY)) * 1e6;
    }
    show("call after 1 ms", Timing.quantile(parked, 50), "us");
    double[] executed = new double[200];
    for (int i = 0; i < executed.length; i++) {
      executed[i] = Timing.seconds(() -> interpreter.exec("int x = 1;")) * 1e6;
    }
    show("exec", Timing.quantile(executed, 50), "us");
  }

  /**
   * What the heap and the JVM's own pools hold after a collection; stacks of threads not counted.
   */
  private static void memory() {
    int count = 500;
    long before = usedBytes();
    List<Interpreter> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(Interpreters.create());
    }
    show("idle memory of one", mebibytes(usedBytes() - before, count), "MiB");
    made.forEach(interpreter -> interpreter.call(TINY));
    show("memory of one that was called", mebibytes(usedBytes() - before, count), "MiB");
    made.forEach(Interpreter::close);
  }

  private static double mebibytes(long bytes, int count) {
    return (double) bytes / count / (1 << 20);
  }

  private static long usedBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .mapToLong(pool -> pool.getUsage().getUsed())
        .sum();
  }

  private static TaskExecutor open(int workers) {
    return Interlock.builder().strategy("subinterpreters").workers(workers).open();
  }

  private static void pool() throws Exception {
    try (TaskExecutor executor = open(WORKERS)) {
      double[] trips = new double[50_000];
      for (int i = -50_000; i < trips.length; i++) {
        double time = Timing.seconds(() -> executor.submit(TINY).get());
        if (i >= 0) {
          trips[i] = time * 1e6;
        }
      }
      show("pool, round trip", Timing.quantile(trips, 50), "us");
      int count = 200_000;
      double best = Double.MAX_VALUE;
      for (int round = 0; round < 12; round++) {
        best = Math.min(best, Timing.seconds(() -> submitAndGet(executor, count)));
      }
      show("pool, submit all, get all", count / best, "/s");
      speedUp(executor);
    }
  }

  private static void submitAndGet(TaskExecutor executor, int count) throws Exception {
    List<TaskFuture<Integer>> futures = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      futures.add(executor.submit(TINY));
    }
    for (TaskFuture<Integer> future : futures) {
      future.get();
    }
  }

  private static long crunch(long rounds) {
    long total = 1;
    for (long i = 0; i < rounds; i++) {
      total = total * 6364136223846793005L + i;
    }
    return total;
  }

  private static void speedUp(TaskExecutor two) throws Exception {
    List<Long> tasks = Collections.nCopies(40, 40_000_000L);
    MapOptions single = MapOptions.defaults().withChunkSize(1);
    Timing.Body parallel =
        () -> two.map(InterpreterFigures::crunch, tasks, single).forEach(x -> {});
    parallel.run();
    double together = Timing.seconds(parallel);
    try (TaskExecutor one = open(1)) {
      Timing.Body alone = () -> one.map(InterpreterFigures::crunch, tasks, single).forEach(x -> {});
      alone.run();
      show("pool, speed-up of two", Timing.seconds(alone) / together, "x");
    }
  }
}
