// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.threads;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Exchanger;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * {@code num += 1} without an interpreter lock: what breaks, and what to use in its place. Tasks
 * meet by an {@link Exchanger} or take turns by atomics; nothing here depends on luck.
 */
public final class WithoutTheLock {
  private static final int INCREMENTS = 100_000;

  private static int plain;

  private WithoutTheLock() {}

  /** Counts in three ways, and lets two tasks exchange what they have. */
  public static void main(String[] arguments) throws Exception {
    try (TaskExecutor executor = Interlock.builder().strategy("free-threaded").workers(2).open()) {
      Exchanger<Integer> exchanger = new Exchanger<>();
      both(executor, () -> plain = exchanger.exchange(plain) + 1); // read, meet, write
      System.out.println("plain, both have read before one writes: " + plain + " of 2");

      AtomicInteger atomic = new AtomicInteger();
      LongAdder adder = new LongAdder();
      both(
          executor,
          () -> {
            for (int i = 0; i < INCREMENTS; i++) {
              atomic.incrementAndGet(); // where the value is needed at once
              adder.increment(); // where it is only summed up: a cell for each thread
            }
            return 0;
          });
      System.out.println("atomic: " + atomic.get() + ", adder: " + adder.sum());
      System.out.println("exchanged: " + both(executor, () -> exchanger.exchange(21)));
    }
  }

  private static int both(TaskExecutor executor, Callable<Integer> body) throws Exception {
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      futures.add(executor.submit(body));
    }
    int sum = 0;
    for (TaskFuture<Integer> future : futures) {
      sum += future.get();
    }
    return sum;
  }
}
