// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import dev.interlock.Interlock;
import dev.interlock.MapOptions;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFunction;
import dev.interlock.TaskFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the spark strategy takes, on a cluster or in local mode. One argument: the master. Prints a
 * line for each figure: name, value, unit.
 */
@SuppressWarnings("SystemOut")
public final class SparkFigures {
  private static final int WORKERS = 2;

  private SparkFigures() {}

  /** Runs all of it. */
  public static void main(String[] arguments) throws Exception {
    String master = arguments.length == 0 ? "local[*]" : arguments[0];
    long startNs = System.nanoTime();
    try (TaskExecutor executor = open(master, 1)) {
      System.out.println(Timing.line("open", since(startNs) / 1e9, "s"));
      int first = executor.submit(() -> 1).get();
      System.out.println(Timing.line("open and first result", since(startNs) / 1e9 * first, "s"));
      for (int round = 0; round < 5; round++) { // the first ones are compilation
        trips(executor, round);
        throughput(executor, "submit all, get all", 4_000, round);
        items(executor, round);
      }
      efficiency(executor, 20, 100);
      efficiency(executor, 100, 40);
      firstOfBatch(executor);
      cancel(executor);
      megabytes(executor);
    }
    try (TaskExecutor tens = open(master, 10)) {
      for (int round = 0; round < 3; round++) {
        throughput(tens, "submit all in tens, get all", 40_000, round);
      }
    }
  }

  private static TaskExecutor open(String master, int together) {
    return Interlock.builder()
        .strategy("spark")
        .workers(WORKERS)
        .set("spark.master", master)
        .set("spark.conf.spark.executor.memory", "512m")
        .set("spark.tasks-per-partition", together)
        .set("queue.capacity", 100_000)
        .open();
  }

  private static long since(long startNs) {
    return System.nanoTime() - startNs;
  }

  private static void trips(TaskExecutor executor, int round) throws Exception {
    int trips = 300;
    double[] ms = new double[trips];
    for (int i = 0; i < trips; i++) {
      long startNs = System.nanoTime();
      int result = executor.submit(() -> 1).get();
      ms[i] = since(startNs) / 1e6 * result;
    }
    System.out.println(Timing.line("round trip p50, round " + round, Timing.median(ms), "ms"));
    System.out.println(Timing.line("round trip p90", Timing.quantile(ms, 90), "ms"));
  }

  private static void throughput(TaskExecutor executor, String name, int tasks, int round)
      throws Exception {
    double seconds =
        Timing.seconds(
            () -> {
              List<TaskFuture<Integer>> futures = new ArrayList<>(tasks);
              for (int i = 0; i < tasks; i++) {
                int number = i;
                futures.add(executor.submit(() -> number));
              }
              long sum = 0;
              for (TaskFuture<Integer> future : futures) {
                sum += future.get();
              }
              check(sum, (tasks - 1L) * tasks / 2);
            });
    System.out.println(Timing.line(name + ", round " + round, tasks / seconds, "/s"));
  }

  private static void items(TaskExecutor executor, int round) throws Exception {
    int items = 2_000_000;
    TaskFunction<Integer, Integer> next = number -> number + 1;
    double seconds =
        Timing.seconds(
            () -> {
              try (Stream<Integer> results =
                  executor.map(
                      next,
                      () -> IntStream.range(0, items).iterator(),
                      MapOptions.defaults().withChunkSize(1_000))) {
                check(results.mapToLong(Integer::longValue).sum(), (items + 1L) * items / 2);
              }
            });
    System.out.println(
        Timing.line("map, chunks of 1,000, round " + round, items / seconds, "items/s"));
  }

  private static void efficiency(TaskExecutor executor, long taskMs, int tasks) throws Exception {
    double seconds =
        Timing.seconds(
            () -> {
              List<TaskFuture<Integer>> futures = new ArrayList<>();
              for (int i = 0; i < tasks; i++) {
                futures.add(executor.submit(() -> sleep(taskMs)));
              }
              for (TaskFuture<Integer> future : futures) {
                check(future.get(), 1);
              }
            });
    System.out.println(
        Timing.line(
            "slot efficiency, tasks of " + taskMs + " ms",
            100.0 * taskMs / 1e3 * tasks / WORKERS / seconds,
            "%"));
  }

  @SuppressWarnings("ThreadSleep")
  private static int sleep(long ms) throws InterruptedException {
    Thread.sleep(ms);
    return 1;
  }

  private static void firstOfBatch(TaskExecutor executor) throws Exception {
    long startNs = System.nanoTime();
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 80; i++) { // 2 s on two slots
      futures.add(executor.submit(() -> sleep(50)));
    }
    Iterator<TaskFuture<Integer>> done = executor.asCompleted(futures).iterator();
    check(done.next().get(), 1);
    System.out.println(Timing.line("first of a batch of 2 s", since(startNs) / 1e6, "ms"));
    for (TaskFuture<Integer> future : futures) {
      check(future.get(), 1);
    }
  }

  private static void cancel(TaskExecutor executor) throws Exception {
    List<Double> ms = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      List<TaskFuture<Integer>> running = new ArrayList<>();
      for (int worker = 0; worker < WORKERS; worker++) {
        running.add(executor.submit(() -> sleep(60_000)));
      }
      sleep(300); // both run
      long startNs = System.nanoTime();
      running.forEach(future -> future.cancel(true));
      check(
          executor.submit(() -> 1).get(Duration.ofSeconds(30).toMillis(), TimeUnit.MILLISECONDS),
          1);
      ms.add(since(startNs) / 1e6);
    }
    System.out.println(
        Timing.line(
            "from cancel to the slot's next result",
            Timing.median(ms.stream().mapToDouble(Double::doubleValue).toArray()),
            "ms"));
  }

  private static void megabytes(TaskExecutor executor) throws Exception {
    byte[] payload = new byte[1 << 20];
    int tasks = 60;
    for (int round = 0; round < 2; round++) {
      double seconds =
          Timing.seconds(
              () -> {
                List<TaskFuture<byte[]>> futures = new ArrayList<>();
                for (int i = 0; i < tasks; i++) {
                  futures.add(executor.submit(() -> payload));
                }
                for (TaskFuture<byte[]> future : futures) {
                  check(future.get().length, payload.length);
                }
              });
      System.out.println(Timing.line("1 MiB in and out, round " + round, tasks / seconds, "MiB/s"));
    }
  }

  private static void check(long is, long shouldBe) {
    if (is != shouldBe) {
      throw new IllegalStateException("got " + is + " in place of " + shouldBe);
    }
  }
}
