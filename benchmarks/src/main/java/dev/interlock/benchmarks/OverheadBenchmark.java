// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the checks of the interpreter lock cost: to be run with the agent and without it. Before it
 * is measured, each workload has been switched in the middle, so that the JIT has compiled the slow
 * way of a check too.
 */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class OverheadBenchmark {
  private static final int THREADS = 2;
  private static final int ROUNDS = 50;

  private final int[] numbers = OverheadWorkloads.numbers(100_000, 1);
  private final double[][] left = OverheadWorkloads.matrix(120, 2);
  private final double[][] right = OverheadWorkloads.matrix(120, 3);

  /** Runs all of it under the lock, switched as often as can be. */
  @Setup
  public void switchInTheMiddle() throws Exception {
    try (TaskExecutor executor =
        Interlock.builder()
            .strategy("gil-threading")
            .workers(THREADS)
            .set("gil-threading.switch-interval", "1us")
            .open()) {
      List<TaskFuture<?>> futures = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        futures.add(executor.submit(this::all));
      }
      for (TaskFuture<?> future : futures) {
        future.get();
      }
    }
  }

  private double all() {
    double sum = 0;
    for (int i = 0; i < ROUNDS; i++) {
      sum +=
          sumLong()
              + sumInt()
              + sieve()
              + mapPuts()
              + strings()
              + fib()
              + matrixProduct()
              + objects();
    }
    return sum;
  }

  /** A {@code long} loop variable. */
  @Benchmark
  public long sumLong() {
    return OverheadWorkloads.sumLong(100_000);
  }

  /** The sum of an array. */
  @Benchmark
  public int sumInt() {
    return OverheadWorkloads.sumInt(numbers);
  }

  /** The sieve of Eratosthenes. */
  @Benchmark
  public int sieve() {
    return OverheadWorkloads.sieve(100_000);
  }

  /** Puts into a {@code HashMap}. */
  @Benchmark
  public int mapPuts() {
    return OverheadWorkloads.mapPuts(10_000);
  }

  /** Appends to a {@code StringBuilder}. */
  @Benchmark
  public int strings() {
    return OverheadWorkloads.strings(10_000);
  }

  /** Recursive calls. */
  @Benchmark
  public int fib() {
    return OverheadWorkloads.fib(22);
  }

  /** Three nested loops over arrays. */
  @Benchmark
  public double matrixProduct() {
    return OverheadWorkloads.matrixProduct(left, right);
  }

  /** Small objects and virtual calls. */
  @Benchmark
  public long objects() {
    return OverheadWorkloads.objects(100_000);
  }
}
