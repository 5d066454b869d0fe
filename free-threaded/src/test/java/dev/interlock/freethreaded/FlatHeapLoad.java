// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.Blocking;
import dev.interlock.Interlock;
import dev.interlock.MapOptions;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.spi.QueuePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** The process of {@link FlatHeapTest}: far more work than its heap could hold at once. */
final class FlatHeapLoad {
  private static final int TASKS = 400_000;
  private static final int BYTES_EACH = 1_000;
  private static final int CAPACITY = 1_000;
  private static final int WAITS = 10_000;

  private FlatHeapLoad() {}

  /**
   * Prints {@code done} and a figure.
   *
   * @param arguments which load
   */
  public static void main(String[] arguments) throws Exception {
    long figure =
        switch (arguments[0]) {
          case "block" -> produce(QueuePolicy.BLOCK);
          case "reject" -> produce(QueuePolicy.REJECT);
          case "caller-runs" -> produce(QueuePolicy.CALLER_RUNS);
          case "map" -> endless();
          case "waits" -> waits();
          default -> throw new IllegalArgumentException(arguments[0]);
        };
    System.out.println("done " + figure);
  }

  private static Interlock.Builder builder() {
    return Interlock.builder().strategy("free-threaded").workers(2);
  }

  /** A producer faster than the workers, whose tasks together are 400 MB; returns how many ran. */
  private static long produce(QueuePolicy whenFull) {
    AtomicLong ran = new AtomicLong();
    try (TaskExecutor executor = builder().queue(CAPACITY, whenFull).open()) {
      for (int i = 0; i < TASKS; i++) {
        byte[] load = new byte[BYTES_EACH];
        try {
          executor.execute(() -> use(load, ran));
        } catch (RejectedExecutionException full) {
          if (whenFull != QueuePolicy.REJECT) {
            throw full;
          }
        }
      }
    }
    return ran.get();
  }

  private static void use(byte[] load, AtomicLong ran) {
    for (int i = 0; i < load.length; i++) {
      load[i] = (byte) i;
    }
    ran.incrementAndGet();
  }

  /** Reads so many results of an endless input. */
  private static long endless() {
    try (TaskExecutor executor = builder().open();
        Stream<byte[]> results =
            executor.map(
                number -> new byte[BYTES_EACH],
                () -> Stream.iterate(0, n -> n + 1).iterator(),
                MapOptions.defaults())) {
      return results.limit(TASKS).count();
    }
  }

  private static long waits() throws Exception {
    try (TaskExecutor executor = builder().open()) {
      List<TaskFuture<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < WAITS; i++) {
        futures.add(executor.submit(() -> Blocking.call(FlatHeapLoad::sleep)));
      }
      long sum = 0;
      for (TaskFuture<Integer> future : futures) {
        sum += future.get();
      }
      return sum;
    }
  }

  private static int sleep() throws InterruptedException {
    Thread.sleep(50);
    return 1;
  }
}
