// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import dev.interlock.Interlock;
import dev.interlock.MapOptions;
import dev.interlock.Task;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What {@code process-pool} does, under the names that {@code benchmarks/cpython/pool.py} has for
 * CPython's pools: one line per figure, its name, value and unit. {@link PoolComparison} runs both.
 */
final class PoolFigures {
  private static final int WORKERS = 2;
  private static final int MIB = 1 << 20;

  /** So many pools a parent has opened before it counts as warm. */
  private static final int POOLS_BEFORE = 8;

  private final Blackhole blackhole;

  /** Takes one figure. */
  interface Sink {
    void figure(String name, double value, String unit);
  }

  private final Sink sink;

  PoolFigures(Sink sink) {
    this.sink = sink;
    this.blackhole =
        new Blackhole(
            "Today's password is swordfish. I understand instantiating Blackholes directly is"
                + " dangerous.");
  }

  private static TaskExecutor open(int workers, String startMethod) {
    return Interlock.builder()
        .strategy("process-pool")
        .workers(workers)
        .set("process-pool.start-method", startMethod)
        .open();
  }

  /** The figures that are taken together. */
  enum Part {
    /** One task at a time. */
    TRIPS,
    /** Many tasks at once. */
    SUBMIT,
    /** Chunks of many items. */
    MAP,
    /** Large arguments and results. */
    PAYLOADS,
    /** What a child takes. */
    MEMORY,
    /** Two workers beside one. */
    SPEEDUP,
    /** A new pool's first result. */
    START,
    /** A child that is killed. */
    KILL
  }

  /** Measures these; all of them take about half a minute. */
  void measure(Set<Part> parts) throws Exception {
    try (TaskExecutor pool = open(WORKERS, "spawn")) {
      for (Part part : parts) {
        switch (part) {
          case TRIPS -> roundTrips(pool);
          case SUBMIT -> submitAll(pool);
          case MAP -> maps(pool);
          case PAYLOADS -> payloads(pool);
          case MEMORY -> memory();
          case SPEEDUP -> speedUp(pool);
          case START, KILL -> {} // in pools of their own
        }
      }
    }
    if (parts.contains(Part.START)) {
      firstResult("spawn", "first result, spawn");
      firstResult("spare", "first result, spare");
    }
    if (parts.contains(Part.KILL)) {
      killed();
    }
  }

  private void consume(long value) {
    blackhole.consume(value);
  }

  private void roundTrips(TaskExecutor pool) throws Exception {
    double[] times = new double[20_000];
    for (int i = -20_000; i < times.length; i++) {
      double time = Timing.seconds(() -> pool.submit(tiny()).get());
      if (i >= 0) {
        times[i] = time;
      }
    }
    sink.figure("round trip", Timing.median(times) * 1e6, "us");
    double[] blocking = new double[500];
    for (int i = 0; i < blocking.length; i++) {
      Thread.sleep(2); // the child has gone to sleep
      blocking[i] = Timing.seconds(() -> pool.submit(tiny()).get());
    }
    sink.figure("round trip, both asleep", Timing.median(blocking) * 1e6, "us");
  }

  private void submitAll(TaskExecutor pool) throws Exception {
    int count = 200_000;
    double best = Double.MAX_VALUE;
    for (int round = 0; round < 12; round++) {
      best = Math.min(best, Timing.seconds(() -> submitAndGet(pool, count)));
    }
    sink.figure("submit all, get all", count / best, "/s");
  }

  private static void submitAndGet(TaskExecutor pool, int count) throws Exception {
    List<TaskFuture<Integer>> futures = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      futures.add(pool.submit(tiny()));
    }
    for (TaskFuture<Integer> future : futures) {
      future.get();
    }
  }

  private void maps(TaskExecutor pool) throws Exception {
    int[][] chunksItemsAndRounds = {
      {1, 200_000, 12}, {100, 4_000_000, 3}, {10_000, 40_000_000, 3}, {0, 10_000_000, 3}
    };
    for (int[] pair : chunksItemsAndRounds) {
      MapOptions options =
          pair[0] == 0 ? MapOptions.defaults() : MapOptions.defaults().withChunkSize(pair[0]);
      double best = Double.MAX_VALUE;
      for (int round = 0; round < pair[2]; round++) {
        best = Math.min(best, Timing.seconds(() -> drain(pool, pair[1], options)));
      }
      String name = pair[0] == 0 ? "map, chunk of its own choice" : "map, chunk " + pair[0];
      sink.figure(name, pair[1] / best, "/s");
    }
  }

  private void drain(TaskExecutor pool, int count, MapOptions options) {
    Iterable<Integer> items = () -> IntStream.range(0, count).iterator();
    try (Stream<Integer> results = pool.map(Math::abs, items, options)) {
      results.forEach(this::consume);
    }
  }

  private void payloads(TaskExecutor pool) throws Exception {
    for (int[] pair : new int[][] {{MIB, 1_000, 2_000}, {64 * MIB, 10, 20}}) {
      byte[] data = new byte[pair[0]];
      Task<Integer> length = () -> data.length;
      Task<byte[]> echo = () -> data;
      payload(pool, pair[0] / MIB + " MiB sink", length, pair);
      payload(pool, pair[0] / MIB + " MiB echo", echo, pair);
    }
  }

  private void payload(TaskExecutor pool, String name, Task<?> task, int[] sizeAndRounds)
      throws Exception {
    repeat(pool, task, sizeAndRounds[2]); // until the compiler is done, in two children
    double bytes = (double) sizeAndRounds[0] * sizeAndRounds[1];
    sink.figure(
        name, bytes / 1e6 / Timing.seconds(() -> repeat(pool, task, sizeAndRounds[1])), "MB/s");
  }

  private static void repeat(TaskExecutor pool, Task<?> task, int rounds) throws Exception {
    for (int i = 0; i < rounds; i++) {
      pool.submit(task).get();
    }
  }

  private void memory() throws IOException {
    long[] kib = new long[2];
    for (ProcessHandle child : ProcessHandle.current().children().toList()) {
      for (String line : Files.readAllLines(Path.of("/proc/" + child.pid() + "/smaps_rollup"))) {
        if (line.startsWith("Pss:")) {
          kib[0] += Long.parseLong(line.replaceAll("\\D", ""));
          kib[1]++;
        }
      }
    }
    sink.figure("PSS of a child after all this", kib[0] / 1024.0 / kib[1], "MiB");
    try (TaskExecutor fresh = open(1, "spawn")) {
      fresh.submit(tiny()).join();
      long pid = fresh.submit(() -> ProcessHandle.current().pid()).join();
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
        if (line.startsWith("Pss:")) {
          sink.figure("PSS of a child", Long.parseLong(line.replaceAll("\\D", "")) / 1024.0, "MiB");
        }
      }
    }
  }

  private static long crunch(long rounds) {
    long total = 1;
    for (long i = 0; i < rounds; i++) {
      total = total * 6364136223846793005L + i;
    }
    return total;
  }

  private void speedUp(TaskExecutor pool) throws Exception {
    long trial = 20_000_000;
    crunch(trial);
    long rounds = (long) (trial * 0.05 / Timing.seconds(() -> consume(crunch(trial))));
    List<Long> tasks = Collections.nCopies(40, rounds);
    MapOptions single = MapOptions.defaults().withChunkSize(1);
    Timing.Body parallel =
        () -> pool.map(PoolFigures::crunch, tasks, single).forEach(this::consume);
    parallel.run();
    double together = Timing.seconds(parallel);
    double alone;
    try (TaskExecutor one = open(1, "spawn")) {
      Timing.Body sequential =
          () -> one.map(PoolFigures::crunch, tasks, single).forEach(this::consume);
      sequential.run();
      alone = Timing.seconds(sequential);
    }
    sink.figure("speed-up, 50 ms tasks", alone / together, "x");
  }

  /** Always the same one; not a field, which a child would have to set before its first task. */
  private static Task<Integer> tiny() {
    return () -> 1;
  }

  private void firstResult(String method, String name) throws Exception {
    double[] times = new double[15];
    for (int i = -POOLS_BEFORE; i < times.length; i++) {
      Thread.sleep(method.equals("spare") ? 1_000 : 0); // the next spare gets ready
      long startNs = System.nanoTime();
      TaskExecutor pool = open(1, method);
      pool.submit(tiny()).get();
      if (i >= 0) {
        times[i] = (System.nanoTime() - startNs) / 1e6;
      }
      pool.close();
    }
    sink.figure(name, Timing.median(times), "ms");
  }

  private static boolean sleepLong() throws InterruptedException {
    TimeUnit.MINUTES.sleep(1);
    return true;
  }

  private void killed() throws Exception {
    double[] times = new double[15];
    try (TaskExecutor pool = open(1, "spawn")) {
      for (int i = 0; i < times.length; i++) {
        long pid = pool.submit(() -> ProcessHandle.current().pid()).get();
        TaskFuture<?> sleeping = pool.submit(PoolFigures::sleepLong);
        Thread.sleep(50);
        long startNs = System.nanoTime();
        if (!ProcessHandle.of(pid).orElseThrow().destroyForcibly()) {
          throw new IllegalStateException("the child " + pid + " cannot be killed");
        }
        try {
          sleeping.get();
          throw new IllegalStateException("a killed child's task has a result");
        } catch (ExecutionException e) {
          times[i] = (System.nanoTime() - startNs) / 1e6;
        }
      }
    }
    sink.figure("killed child noticed", Timing.median(times), "ms");
  }
}
