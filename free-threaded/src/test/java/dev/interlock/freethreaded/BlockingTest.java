// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.Blocking;
import dev.interlock.Interlock;
import dev.interlock.ReturnWhen;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskFutures;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@Timeout(60)
class BlockingTest {

  private static Interlock.Builder builder(int workers) {
    return Interlock.builder().strategy("free-threaded").workers(workers);
  }

  @Test
  void otherTasksGoOnWhileAllWorkersAreBlocked() throws Exception {
    try (TaskExecutor executor = builder(2).open()) {
      CountDownLatch blocked = new CountDownLatch(300);
      CountDownLatch open = new CountDownLatch(1);
      List<TaskFuture<?>> futures = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        futures.add(
            executor.submit(
                () -> {
                  blocked.countDown();
                  return Blocking.call(() -> passed(open));
                }));
      }
      blocked.await();
      assertThat(executor.submit(() -> "through").get()).isEqualTo("through");
      open.countDown();
      for (TaskFuture<?> future : futures) {
        future.get();
      }
    }
  }

  @Test
  void noMoreTasksThanWorkersComputeAtOnceWhenNoneBlocks() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (TaskExecutor executor = builder(2).open()) {
      List<TaskFuture<?>> futures = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        futures.add(
            executor.submit(
                () -> {
                  most.accumulateAndGet(running.incrementAndGet(), Math::max);
                  Thread.onSpinWait();
                  running.decrementAndGet();
                }));
      }
      for (TaskFuture<?> future : futures) {
        future.get();
      }
      assertThat(executor.stats().workersStarted()).isLessThanOrEqualTo(2);
    }
    assertThat(most.get()).isBetween(1, 2);
  }

  /**
   * After a burst of blocking, spares give way: only core workers are used, and no more of them.
   */
  @Test
  void sparesEndWhenTheyAreNoLongerNeeded() throws Exception {
    try (TaskExecutor executor = builder(2).set("free-threaded.keep-alive", "30ms").open()) {
      CountDownLatch blocked = new CountDownLatch(50);
      CountDownLatch open = new CountDownLatch(1);
      List<TaskFuture<?>> futures = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        futures.add(
            executor.submit(
                () -> {
                  blocked.countDown();
                  return Blocking.call(() -> passed(open));
                }));
      }
      blocked.await();
      assertThat(executor.stats().workers()).isGreaterThanOrEqualTo(50);
      open.countDown();
      for (TaskFuture<?> future : futures) {
        future.get();
      }
      await().until(() -> executor.stats().workers() <= 2);
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void sparesAreVirtualThreadsWhereTheJdkHasThem() throws Exception {
    assertThat(threadsOfBlockedTasks(builder(2)).stream().filter(BlockingTest::isVirtual).count())
        .isGreaterThanOrEqualTo(38);
  }

  @Test
  void sparesArePlatformThreadsOnRequestOrOnAnOlderJdk() throws Exception {
    assertThat(threadsOfBlockedTasks(builder(2).set("free-threaded.virtual-threads", "off")))
        .hasSize(40)
        .noneMatch(BlockingTest::isVirtual)
        .allMatch(Thread::isDaemon);
  }

  private static Set<Thread> threadsOfBlockedTasks(Interlock.Builder builder) throws Exception {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    try (TaskExecutor executor = builder.open()) {
      CountDownLatch all = new CountDownLatch(40);
      List<TaskFuture<?>> futures = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        futures.add(
            executor.submit(
                () -> {
                  threads.add(Thread.currentThread());
                  all.countDown();
                  return Blocking.call(() -> passed(all));
                }));
      }
      for (TaskFuture<?> future : futures) {
        future.get();
      }
    }
    return threads;
  }

  private static boolean isVirtual(Thread thread) {
    try {
      return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
    } catch (NoSuchMethodException e) {
      return false;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  @Test
  void thereAreNeverMoreThreadsThanMaxThreads() throws Exception {
    AtomicInteger blockedNow = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (TaskExecutor executor = builder(2).set("free-threaded.max-threads", 5).open()) {
      CountDownLatch five = new CountDownLatch(5);
      List<TaskFuture<?>> futures = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        futures.add(
            executor.submit(
                () -> {
                  most.accumulateAndGet(blockedNow.incrementAndGet(), Math::max);
                  five.countDown();
                  Blocking.call(() -> passed(five));
                  blockedNow.decrementAndGet();
                  return 1;
                }));
      }
      for (TaskFuture<?> future : futures) {
        future.get();
      }
      assertThat(executor.stats().workersStarted()).isEqualTo(5);
    }
    assertThat(most.get()).isEqualTo(5);
  }

  @Test
  void nestedSubmitsNeverDeadlockEvenWithOneThread() throws Exception {
    try (TaskExecutor executor = builder(1).set("free-threaded.max-threads", 1).open()) {
      assertThat(executor.submit(() -> fib(executor, 16)).get()).isEqualTo(987);
    }
  }

  @Test
  void nestedSubmitsNeverDeadlockWithTwoWorkers() throws Exception {
    try (TaskExecutor executor = builder(2).open()) {
      assertThat(executor.submit(() -> fib(executor, 20)).get()).isEqualTo(6_765);
    }
  }

  private static int fib(TaskExecutor executor, int n) throws Exception {
    if (n < 2) {
      return n;
    }
    TaskFuture<Integer> first = executor.submit(() -> fib(executor, n - 1));
    TaskFuture<Integer> second = executor.submit(() -> fib(executor, n - 2));
    return first.get() + second.get();
  }

  @Test
  void aChainOfNestedWaitsMayBeDeeperThanAStack() throws Exception {
    try (TaskExecutor executor = builder(1).open()) {
      assertThat(executor.submit(() -> depth(executor, 20_000)).get()).isEqualTo(20_000);
    }
  }

  @Test
  void nestedWaitsNeverDeadlockWhereNoThreadMayBeAdded() throws Exception {
    try (TaskExecutor executor = builder(1).set("free-threaded.max-threads", 1).open()) {
      assertThat(executor.submit(() -> depth(executor, 300)).get()).isEqualTo(300);
      assertThat(executor.submit(() -> sumOfSeveralWaits(executor)).get()).isEqualTo(1_616);
    }
  }

  private static int depth(TaskExecutor executor, int n) throws Exception {
    return n == 0 ? 0 : 1 + executor.submit(() -> depth(executor, n - 1)).get();
  }

  /** These waits do not run what they wait for: another worker does. */
  @Test
  void nestedWaitsForSeveralFuturesAreCompensated() throws Exception {
    try (TaskExecutor executor = builder(1).open()) {
      assertThat(executor.submit(() -> sumOfSeveralWaits(executor)).get()).isEqualTo(1_616);
    }
  }

  private static int sumOfSeveralWaits(TaskExecutor executor) throws Exception {
    int sum = 0;
    List<Callable<Integer>> tasks = List.of(() -> 1, () -> 2, () -> 3);
    for (Future<Integer> future : executor.invokeAll(tasks)) {
      sum += future.get();
    }
    sum += executor.<Integer>invokeAny(List.of(() -> 10));
    sum += executor.map(n -> n * 2, List.of(100, 200)).mapToInt(n -> n).sum();
    TaskFuture<Integer> one = executor.submit(() -> 1_000);
    TaskFutures.await(List.of(one), ReturnWhen.FIRST_COMPLETED);
    return sum + one.get();
  }

  @Test
  void aTaskThatIsRunInPlaceOfAWaitIsNotHitByAnInterruptOfTheWaitingOne() throws Exception {
    try (TaskExecutor executor = builder(1).set("free-threaded.max-threads", 1).open()) {
      CountDownLatch innerRuns = new CountDownLatch(1);
      CountDownLatch cancelled = new CountDownLatch(1);
      AtomicInteger innerInterrupts = new AtomicInteger();
      AtomicInteger outerInterrupts = new AtomicInteger();
      CountDownLatch outerEnds = new CountDownLatch(1);
      TaskFuture<?> outer =
          executor.submit(
              () -> {
                TaskFuture<?> inner =
                    executor.submit(
                        () -> {
                          innerRuns.countDown();
                          try {
                            cancelled.await();
                          } catch (InterruptedException e) {
                            innerInterrupts.incrementAndGet();
                          }
                          if (Thread.interrupted()) {
                            innerInterrupts.incrementAndGet();
                          }
                        });
                inner.join();
                if (Thread.interrupted()) {
                  outerInterrupts.incrementAndGet();
                }
                outerEnds.countDown();
              });
      innerRuns.await();
      assertThat(outer.cancel(true)).isTrue();
      cancelled.countDown();
      outerEnds.await();
      assertThat(innerInterrupts).hasValue(0);
      assertThat(outerInterrupts).hasValue(1);
      assertThat(executor.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
    }
  }

  private static boolean passed(CountDownLatch latch) throws InterruptedException {
    latch.await();
    return true;
  }
}
