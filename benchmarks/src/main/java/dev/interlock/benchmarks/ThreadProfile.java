// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the time of {@code free-threaded} and of a {@link ForkJoinPool} goes, by the flight
 * recorder's samples: the methods on top of the stacks, in percent. {@code benchmarks/run profile
 * [SECONDS [WORKERS]]}, the seconds for each workload.
 */
public final class ThreadProfile {
  private static final int ROWS = 8;
  private static final int FORK = 30;
  private static final int TASKS = 500_000;

  private interface Workload {
    void run(ExecutorService pool) throws Exception;
  }

  private ThreadProfile() {}

  /** The arguments as above. */
  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    int workers =
        args.length > 1 ? Integer.parseInt(args[1]) : Runtime.getRuntime().availableProcessors();
    for (ThreadPeer peer : List.of(ThreadPeer.FORK_JOIN, ThreadPeer.FREE_THREADED)) {
      profile(peer, workers, seconds, "tiny tasks", pool -> ThreadWorkloads.tiny(pool, 1, TASKS));
      profile(peer, workers, seconds, "futures", pool -> ThreadWorkloads.futures(pool, TASKS));
      profile(peer, workers, seconds, "forks", pool -> ThreadWorkloads.fork(pool, FORK));
    }
  }

  private static void profile(
      ThreadPeer peer, int workers, int seconds, String name, Workload workload) throws Exception {
    ExecutorService pool =
        peer == ThreadPeer.FORK_JOIN ? new ForkJoinPool(workers) : peer.open(workers);
    try {
      repeat(workload, pool, 2); // until it is compiled
      Map<String, Integer> samples = new HashMap<>();
      Path file = Files.createTempFile("profile", ".jfr");
      try (Recording recording = new Recording()) {
        recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
        recording.start();
        repeat(workload, pool, seconds);
        recording.stop();
        recording.dump(file);
        RecordingFile.readAllEvents(file).forEach(event -> count(event, samples));
      } finally {
        Files.delete(file);
      }
      print(name + ", " + peer.title() + ", " + workers + " workers", samples);
    } finally {
      peer.close(pool);
    }
  }

  private static void repeat(Workload workload, ExecutorService pool, int seconds)
      throws Exception {
    long endNs = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    while (endNs - System.nanoTime() > 0) {
      workload.run(pool);
    }
  }

  private static void count(RecordedEvent event, Map<String, Integer> samples) {
    RecordedStackTrace stack = event.getStackTrace();
    if (stack != null && !stack.getFrames().isEmpty()) {
      var method = stack.getFrames().get(0).getMethod();
      String type = method.getType().getName();
      samples.merge(
          type.substring(type.lastIndexOf('.') + 1) + "." + method.getName(), 1, Integer::sum);
    }
  }

  private static void print(String title, Map<String, Integer> samples) {
    int all = samples.values().stream().mapToInt(Integer::intValue).sum();
    System.out.println("| " + title + " | " + all + " samples |\n|---|---|");
    samples.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
        .limit(ROWS)
        .forEach(
            row ->
                System.out.printf(
                    Locale.ROOT,
                    "| `%s` | %.1f %% |%n",
                    row.getKey(),
                    100.0 * row.getValue() / all));
    System.out.println();
  }
}
