// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.processes;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.WorkerCrashedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** One of ten tasks takes its JVM down; the other nine never notice. */
public final class Crash {
  private static final int TASKS = 10;
  private static final int CULPRIT = 7;

  private Crash() {}

  static int squareOrCrash(int number) {
    if (number == CULPRIT) {
      System.err.println("about to take the JVM down");
      Runtime.getRuntime().halt(42);
    }
    return number * number;
  }

  /** Prints each task's result, or how its worker died. */
  public static void main(String[] arguments) throws InterruptedException {
    try (TaskExecutor executor = Interlock.open("process-pool")) {
      List<TaskFuture<Integer>> futures = new ArrayList<>();
      for (int i = 1; i <= TASKS; i++) {
        int number = i;
        futures.add(executor.submit(() -> squareOrCrash(number)));
      }
      for (TaskFuture<Integer> future : futures) {
        try {
          System.out.println(future.get());
        } catch (ExecutionException e) {
          if (e.getCause() instanceof WorkerCrashedException crash) {
            System.out.println("died of " + crash.deathCause() + ": " + crash.stderrTail().strip());
          }
        }
      }
    }
  }
}
