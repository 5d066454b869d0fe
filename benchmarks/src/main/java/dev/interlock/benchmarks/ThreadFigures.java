// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import dev.interlock.benchmarks.ThreadComparison.Better;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;

/** One round of figures of every {@link ThreadPeer}, one after the other in each figure. */
final class ThreadFigures {
  private static final int TINY = 1_000_000;
  private static final int FUTURES = 500_000;
  private static final int BATCHES = 15;
  private static final int TRIPS = 4_000;

  /** The first ones are compilation. */
  private static final int FORK_RUNS = 7;

  private static final int CPU_TASKS = 240;
  private static final int WAITS = 10_000;
  private static final long WAIT_MS = 50;
  private static final long IDLE_SECONDS = 2;

  /** Beyond this, virtual threads that wait for each other fill the heap. */
  private static final int MOST_FORKED_VIRTUALLY = 27;

  /** What can be left out. */
  enum Part {
    /** Tiny tasks from threads outside. */
    TINY,
    /** Many futures. */
    FUTURES,
    /** One task at a time. */
    TRIPS,
    /** Tasks that submit tasks and wait for them. */
    FORK,
    /** Tasks of a millisecond. */
    CPU,
    /** Tasks that wait. */
    WAITS,
    /** Bytes for each submit. */
    ALLOCATION,
    /** Processor time of workers that have nothing to do. */
    IDLE
  }

  /** A measurement of one peer. */
  private interface Measurement {
    double of(ExecutorService pool) throws Exception;
  }

  private final ThreadComparison results;
  private final int workers;
  private final int[] producers;
  private final int fork;

  ThreadFigures(ThreadComparison results, int workers, int[] producers, int fork) {
    this.results = results;
    this.workers = workers;
    this.producers = producers;
    this.fork = fork;
  }

  void measure(Set<Part> parts) throws Exception {
    for (Part part : parts) {
      switch (part) {
        case TINY -> tiny();
        case FUTURES -> futures();
        case TRIPS -> all("round trip, p50", "us", Better.LESS, ThreadFigures::trips);
        case FORK -> fork();
        case CPU -> cpu();
        case WAITS -> waits();
        case ALLOCATION -> allocation();
        case IDLE -> all("idle, CPU in a second", "us", Better.LESS, ThreadFigures::idle);
      }
    }
  }

  private void all(String name, String unit, Better better, Measurement measurement)
      throws Exception {
    for (ThreadPeer peer : ThreadPeer.values()) {
      if (peer.exists()) {
        one(peer, peer.open(workers), name, unit, better, measurement);
      }
    }
  }

  private void one(
      ThreadPeer peer,
      ExecutorService pool,
      String name,
      String unit,
      Better better,
      Measurement measurement)
      throws Exception {
    try {
      ThreadWorkloads.tiny(pool, 1, 20_000);
      System.gc();
      results.add(workers + " workers: " + name, unit, better, peer, measurement.of(pool));
    } finally {
      peer.close(pool);
    }
  }

  private void tiny() throws Exception {
    for (int from : producers) {
      String name = "tiny tasks, " + from + (from == 1 ? " producer" : " producers");
      all(
          name,
          "M/s",
          Better.MORE,
          pool -> TINY / 1e6 / Timing.seconds(() -> ThreadWorkloads.tiny(pool, from, TINY)));
    }
    all(
        "tiny tasks, 1 producer, CPU of each",
        "ns",
        Better.LESS,
        pool -> {
          long beforeNs = ThreadMeter.processCpuNs();
          ThreadWorkloads.tiny(pool, 1, TINY);
          return (ThreadMeter.processCpuNs() - beforeNs) / (double) TINY;
        });
  }

  /**
   * Several batches. The median has no collection of garbage in it as a rule; the mean has all of
   * them. One batch alone would be either, by chance. The list is the same for all: a young
   * collection keeps a list that large, and so its futures, even if nobody has it any more.
   */
  private void futures() throws Exception {
    String name = "submit, then get, " + FUTURES + " futures";
    for (ThreadPeer peer : ThreadPeer.values()) {
      if (!peer.exists()) {
        continue;
      }
      ExecutorService pool = peer.open(workers);
      try {
        ThreadWorkloads.tiny(pool, 1, 20_000);
        List<Future<Integer>> list = new ArrayList<>(FUTURES);
        System.gc();
        double[] seconds = new double[BATCHES];
        for (int i = 0; i < BATCHES; i++) {
          seconds[i] = Timing.seconds(() -> ThreadWorkloads.futures(pool, FUTURES, list));
        }
        double mean = Arrays.stream(seconds).average().orElseThrow();
        add(name + ", median batch", peer, FUTURES / 1e6 / Timing.median(seconds));
        add(name + ", mean of " + BATCHES + " batches", peer, FUTURES / 1e6 / mean);
      } finally {
        peer.close(pool);
      }
    }
  }

  private void add(String name, ThreadPeer peer, double value) {
    results.add(workers + " workers: " + name, "M/s", Better.MORE, peer, value);
  }

  private static double trips(ExecutorService pool) throws Exception {
    double[] times = new double[TRIPS];
    for (int i = 0; i < TRIPS; i++) {
      times[i] = Timing.seconds(() -> ThreadWorkloads.trip(pool)) * 1e6;
    }
    return Timing.median(times);
  }

  /** The fork-join pool in its other mode, in which it runs the newest fork first, as ours does. */
  private void fork() throws Exception {
    long forks = ThreadWorkloads.forks(fork);
    for (ThreadPeer peer : ThreadPeer.values()) {
      if (peer == ThreadPeer.THREAD_POOL
          || !peer.exists()
          || (peer == ThreadPeer.VIRTUAL && fork > MOST_FORKED_VIRTUALLY)) {
        continue;
      }
      ExecutorService pool =
          peer == ThreadPeer.FORK_JOIN ? new ForkJoinPool(workers) : peer.open(workers);
      one(
          peer,
          pool,
          "recursive fork, " + forks + " tasks (fork-join not async)",
          "M/s",
          Better.MORE,
          opened -> {
            double[] seconds = new double[FORK_RUNS];
            for (int i = 0; i < FORK_RUNS; i++) {
              seconds[i] = Timing.seconds(() -> ThreadWorkloads.fork(opened, fork));
            }
            return forks / 1e6 / Timing.median(seconds);
          });
    }
  }

  /** Against threads that have their share from the start, measured just before. */
  private void cpu() throws Exception {
    int threads = Math.min(workers, Runtime.getRuntime().availableProcessors());
    int tasks = CPU_TASKS * threads;
    all(
        "tasks of 1 ms, time against the best possible",
        "",
        Better.LESS,
        pool -> {
          double bareSeconds =
              Timing.seconds(() -> ThreadWorkloads.millisecondsShared(threads, tasks));
          return Timing.seconds(() -> ThreadWorkloads.milliseconds(pool, tasks)) / bareSeconds;
        });
  }

  private void waits() throws Exception {
    for (ThreadPeer peer : ThreadPeer.values()) {
      if (peer.exists() && (peer == ThreadPeer.VIRTUAL || peer == ThreadPeer.FREE_THREADED)) {
        one(
            peer,
            peer.open(workers),
            WAITS + " waits of " + WAIT_MS + " ms",
            "ms",
            Better.LESS,
            pool -> Timing.seconds(() -> ThreadWorkloads.waits(pool, WAITS, WAIT_MS)) * 1e3);
      }
    }
  }

  /** Not of virtual threads: they are gone when the bytes are counted. */
  private void allocation() throws Exception {
    for (ThreadPeer peer : ThreadPeer.values()) {
      if (peer.exists() && peer != ThreadPeer.VIRTUAL) {
        one(
            peer,
            peer.open(workers),
            "allocated per submit",
            "bytes",
            Better.LESS,
            ThreadFigures::allocated);
      }
    }
  }

  private static double allocated(ExecutorService pool) throws Exception {
    int tasks = 100_000;
    long before = ThreadMeter.allocatedBytes();
    ThreadWorkloads.futures(pool, tasks);
    double list = 4.0 * tasks; // references that ThreadWorkloads.futures keeps
    return (ThreadMeter.allocatedBytes() - before - list) / tasks;
  }

  /** From 100 ms after the last task on. */
  private static double idle(ExecutorService pool) throws Exception {
    ThreadWorkloads.tiny(pool, 2, 10_000);
    Thread.sleep(100);
    Map<Long, Long> before = ThreadMeter.othersCpuNs();
    Thread.sleep(IDLE_SECONDS * 1_000);
    return ThreadMeter.othersCpuNsSince(before) / 1e3 / IDLE_SECONDS;
  }
}
