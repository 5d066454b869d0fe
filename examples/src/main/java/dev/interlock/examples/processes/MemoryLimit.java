// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.processes;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.WorkerCrashedException;
import java.util.concurrent.ExecutionException;

/** Each child has a heap of 64 MiB: a task that needs more dies alone. */
public final class MemoryLimit {
  private static final int MEBIBYTE = 1 << 20;

  private MemoryLimit() {}

  static int allocate(int mebibytes) {
    byte[][] blocks = new byte[mebibytes][];
    for (int i = 0; i < mebibytes; i++) {
      blocks[i] = new byte[MEBIBYTE];
    }
    return blocks.length;
  }

  /** Prints which sizes could be allocated. */
  public static void main(String[] arguments) throws InterruptedException {
    try (TaskExecutor executor =
        Interlock.builder()
            .strategy("process-pool")
            .workers(2)
            .set("process-pool.heap", "64MiB")
            .open()) {
      for (int size : new int[] {10, 1_000, 20}) {
        TaskFuture<Integer> future = executor.submit(() -> allocate(size));
        try {
          System.out.println(future.get() + " MiB allocated");
        } catch (ExecutionException e) {
          if (e.getCause() instanceof WorkerCrashedException crash) {
            System.out.println(size + " MiB: died of " + crash.deathCause());
            crash.stderrTail().lines().forEach(System.out::println);
          }
        }
      }
    }
  }
}
