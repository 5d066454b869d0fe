// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import dev.interlock.subinterpreter.InterpreterQueue;
import dev.interlock.subinterpreter.Interpreters;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.FutureTask;

/**
 * What queues between interpreters do, under the names that {@code benchmarks/cpython/queues.py}
 * has for CPython's: one line per figure, its name, value and unit. The queue does not look who is
 * at its ends, so threads stand for interpreters here.
 */
final class QueueFigures {
  private static final int MIB = 1 << 20;
  private static final int ROUNDS = 7;

  private QueueFigures() {}

  private static void show(String name, double value, String unit) {
    System.out.println(Timing.line(name, value, unit));
  }

  /** All of them; a few seconds. */
  public static void main(String[] arguments) throws Exception {
    for (int warmUp = 0; warmUp < 3; warmUp++) {
      measure(warmUp == 2);
    }
  }

  private static void measure(boolean shown) throws Exception {
    oneThread("put + get, small tuple", List.of(1, "ab", 2.5), 300_000, shown);
    oneThread("put + get, 1 MiB of bytes", new byte[MIB], 2_000, shown);
    oneThread("put + get, 1 MiB of shared memory", ByteBuffer.allocateDirect(MIB), 300_000, shown);
    oneWay(300_000, shown);
    roundTrips(100_000, shown);
  }

  private static void oneThread(String name, Object item, int count, boolean shown)
      throws Exception {
    double[] times = new double[ROUNDS];
    try (InterpreterQueue queue = Interpreters.createQueue()) {
      for (int round = 0; round < ROUNDS; round++) {
        times[round] =
            Timing.seconds(
                () -> {
                  for (int i = 0; i < count; i++) {
                    queue.put(item);
                    queue.get();
                  }
                });
      }
    }
    if (shown) {
      show(name, Timing.median(times) / count * 1e6, "us");
    }
  }

  private static FutureTask<Void> start(Timing.Body body) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              body.run();
              return null;
            });
    new Thread(task, "queue-figures").start();
    return task;
  }

  private static void oneWay(int count, boolean shown) throws Exception {
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      try (InterpreterQueue queue = Interpreters.createQueue()) {
        best =
            Math.min(
                best,
                Timing.seconds(
                    () -> {
                      FutureTask<Void> producer =
                          start(
                              () -> {
                                for (int i = 0; i < count; i++) {
                                  queue.put(List.of(i, "ab", 2.5));
                                }
                              });
                      for (int i = 0; i < count; i++) {
                        queue.get();
                      }
                      producer.get();
                    }));
      }
    }
    if (shown) {
      show("one way, small tuple", count / best, "/s");
    }
  }

  private static void roundTrips(int count, boolean shown) throws Exception {
    double[] times = new double[count];
    try (InterpreterQueue there = Interpreters.createQueue();
        InterpreterQueue back = Interpreters.createQueue()) {
      FutureTask<Void> echo =
          start(
              () -> {
                for (int i = 0; i < count; i++) {
                  back.put(there.get());
                }
              });
      for (int i = 0; i < count; i++) {
        long startNs = System.nanoTime();
        there.put(i);
        back.get();
        times[i] = (System.nanoTime() - startNs) / 1e3;
      }
      echo.get();
    }
    if (shown) {
      show("round trip, blocking", Timing.median(times), "us");
    }
  }
}
