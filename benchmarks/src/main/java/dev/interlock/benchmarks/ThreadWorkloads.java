// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import dev.interlock.Blocking;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What is asked of each of the {@link ThreadPeer}s. Each method returns when all is done. */
final class ThreadWorkloads {
  private static final Callable<Integer> ANSWER = () -> 42;

  /** Steps of {@link #compute} that take about a millisecond here. */
  private static final long STEPS_OF_A_MILLISECOND = calibrate();

  private ThreadWorkloads() {}

  /**
   * Tasks that count themselves, in a counter with a cell for each thread, from several threads
   * outside at once.
   */
  static void tiny(ExecutorService pool, int producers, int tasks) throws InterruptedException {
    LongAdder done = new LongAdder();
    Runnable task = done::increment;
    int each = tasks / producers;
    CountDownLatch start = new CountDownLatch(producers);
    List<Thread> others = new ArrayList<>();
    for (int p = 1; p < producers; p++) {
      Thread other =
          new Thread(
              () -> {
                start.countDown();
                awaitQuietly(start);
                executeAll(pool, task, each);
              },
              "producer-" + p);
      other.start();
      others.add(other);
    }
    start.countDown();
    start.await();
    executeAll(pool, task, each);
    for (Thread other : others) {
      other.join();
    }
    while (done.sum() < (long) each * producers) {
      LockSupport.parkNanos(20_000);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void executeAll(ExecutorService pool, Runnable task, int count) {
    for (int i = 0; i < count; i++) {
      pool.execute(task);
    }
  }

  /** As many futures at once, then the result of each. */
  static long futures(ExecutorService pool, int tasks) throws Exception {
    return futures(pool, tasks, new ArrayList<>(tasks));
  }

  /** The same, with a list that is given, and empty afterwards. */
  static long futures(ExecutorService pool, int tasks, List<Future<Integer>> futures)
      throws Exception {
    for (int i = 0; i < tasks; i++) {
      futures.add(pool.submit(ANSWER));
    }
    long sum = 0;
    for (Future<Integer> future : futures) {
      sum += future.get();
    }
    futures.clear();
    return sum;
  }

  /** One task there and back. */
  static Integer trip(ExecutorService pool) throws Exception {
    return pool.submit(ANSWER).get();
  }

  /**
   * Fibonacci numbers by a task for the one half and a call for the other: {@link #forks} tasks. A
   * {@link ForkJoinPool} gets the {@link RecursiveTask}s that it is made for. A pool of threads
   * that only wait cannot do this.
   */
  static long fork(ExecutorService pool, int n) throws Exception {
    if (pool instanceof ForkJoinPool forkJoin) {
      return forkJoin.invoke(new ForkedFibonacci(n));
    }
    if (pool instanceof TaskExecutor ours) {
      return ours.submit((Callable<Long>) () -> submitted(ours, n)).get();
    }
    return pool.submit(() -> submitted(pool, n)).get();
  }

  /** How many tasks {@link #fork} makes. */
  static long forks(int n) {
    return n < 2 ? 0 : 1 + forks(n - 1) + forks(n - 2);
  }

  private static long submitted(TaskExecutor pool, int n) {
    if (n < 2) {
      return n;
    }
    Callable<Long> half = () -> submitted(pool, n - 1);
    TaskFuture<Long> forked = pool.submit(half);
    return submitted(pool, n - 2) + forked.join();
  }

  private static long submitted(ExecutorService pool, int n) throws Exception {
    if (n < 2) {
      return n;
    }
    Future<Long> forked = pool.submit(() -> submitted(pool, n - 1));
    return submitted(pool, n - 2) + forked.get();
  }

  private static final class ForkedFibonacci extends RecursiveTask<Long> {
    private static final long serialVersionUID = 1;

    private final int n;

    ForkedFibonacci(int n) {
      this.n = n;
    }

    @Override
    protected Long compute() {
      if (n < 2) {
        return (long) n;
      }
      ForkedFibonacci forked = new ForkedFibonacci(n - 1);
      forked.fork();
      return new ForkedFibonacci(n - 2).compute() + forked.join();
    }
  }

  /** Tasks that compute for a millisecond. */
  static long milliseconds(ExecutorService pool, int tasks) throws Exception {
    List<Future<Long>> futures = new ArrayList<>(tasks);
    for (int i = 0; i < tasks; i++) {
      long seed = i;
      futures.add(pool.submit(() -> compute(seed, STEPS_OF_A_MILLISECOND)));
    }
    long sum = 0;
    for (Future<Long> future : futures) {
      sum += future.get();
    }
    return sum;
  }

  /** The same by threads of which each has its share from the start: what the machine can do. */
  static long millisecondsShared(int threads, int tasks) throws InterruptedException {
    long[] sums = new long[threads];
    List<Thread> started = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int mine = t;
      Thread thread =
          new Thread(
              () -> {
                long sum = 0;
                for (int i = mine; i < tasks; i += threads) {
                  sum += compute(i, STEPS_OF_A_MILLISECOND);
                }
                sums[mine] = sum;
              },
              "share-" + t);
      thread.start();
      started.add(thread);
    }
    long sum = 0;
    for (int t = 0; t < threads; t++) {
      started.get(t).join();
      sum += sums[t];
    }
    return sum;
  }

  static long compute(long seed, long steps) {
    long x = seed;
    for (long i = 0; i < steps; i++) {
      x = x * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
    }
    return x;
  }

  private static long calibrate() {
    long steps = 100_000;
    long bestNs = Long.MAX_VALUE;
    for (int i = 0; i < 400; i++) { // the first ones run before the JIT has compiled it
      long startNs = System.nanoTime();
      if (compute(i, steps) == 42) {
        throw new AssertionError("unlucky");
      }
      bestNs = Math.min(bestNs, System.nanoTime() - startNs);
    }
    return steps * 1_000_000 / bestNs;
  }

  /** Tasks that wait so long, all at once if the pool can. */
  static void waits(ExecutorService pool, int tasks, long millis) throws Exception {
    List<Future<?>> futures = new ArrayList<>(tasks);
    for (int i = 0; i < tasks; i++) {
      futures.add(pool.submit(() -> sleep(pool, millis)));
    }
    for (Future<?> future : futures) {
      future.get();
    }
  }

  private static @Nullable Object sleep(ExecutorService pool, long millis) throws Exception {
    if (pool instanceof TaskExecutor) {
      return Blocking.call(() -> sleep(millis));
    }
    return sleep(millis);
  }

  private static @Nullable Object sleep(long millis) throws InterruptedException {
    Thread.sleep(millis);
    return null;
  }
}
