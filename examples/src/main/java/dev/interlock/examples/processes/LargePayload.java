// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.processes;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;

/** Arrays of 64 MiB go to a child and come back changed, by files in memory. */
public final class LargePayload {
  private static final int LENGTH = 8 << 20;
  private static final int ROUNDS = 5;

  private LargePayload() {}

  static long[] negated(long[] numbers) {
    return Arrays.stream(numbers).map(number -> -number).toArray();
  }

  /** Prints the sums, and how fast the bytes moved both ways together. */
  public static void main(String[] arguments) throws InterruptedException, ExecutionException {
    long[] numbers = new long[LENGTH];
    Arrays.setAll(numbers, i -> i);
    try (TaskExecutor executor = Interlock.open("process-pool")) {
      for (int i = 0; i < ROUNDS; i++) {
        long startNs = System.nanoTime();
        long[] result = executor.submit(() -> negated(numbers)).get();
        double seconds = (System.nanoTime() - startNs) / 1e9;
        System.out.printf(
            "sum %d, %.0f MB/s%n",
            Arrays.stream(result).sum(), 2.0 * Long.BYTES * LENGTH / 1e6 / seconds);
      }
    }
  }
}
