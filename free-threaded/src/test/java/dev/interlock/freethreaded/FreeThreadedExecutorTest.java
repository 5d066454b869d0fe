// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.interlock.Blocking;
import dev.interlock.BrokenExecutorException;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class FreeThreadedExecutorTest {
  /** So many futures fit into the heap. */
  private static final int MOST_ACCEPTED = 100_000;

  private static Interlock.Builder builder(int workers) {
    return Interlock.builder().strategy("free-threaded").workers(workers);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 70})
  void everyTaskRunsExactlyOnceUnderManySubmitters(int workers) throws Exception {
    int submitters = 4;
    int each = 150_000;
    AtomicIntegerArray times = new AtomicIntegerArray(submitters * each);
    try (TaskExecutor executor = builder(workers).open()) {
      List<Thread> threads = new ArrayList<>();
      for (int s = 0; s < submitters; s++) {
        int first = s * each;
        Thread thread =
            new Thread(
                () -> {
                  for (int i = 0; i < each; i++) {
                    int place = first + i;
                    executor.execute(() -> void_(times.incrementAndGet(place)));
                  }
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertOnceEach(times);
  }

  @Test
  void everyForkedTaskRunsExactlyOnceUnderThieves() throws Exception {
    int count = 1 << 20;
    AtomicIntegerArray times = new AtomicIntegerArray(count);
    try (TaskExecutor executor = builder(4).open()) {
      executor.submit(() -> forkTree(executor, times, 1)).get();
      await().atMost(Duration.ofMinutes(2)).until(() -> executor.stats().completed() == count - 1);
    }
    times.incrementAndGet(0); // a heap-shaped tree has no node 0
    assertOnceEach(times);
  }

  private static void forkTree(TaskExecutor executor, AtomicIntegerArray times, int node) {
    times.incrementAndGet(node);
    for (int child = 2 * node; child <= 2 * node + 1 && child < times.length(); child++) {
      int itsNode = child;
      executor.execute(() -> forkTree(executor, times, itsNode));
    }
  }

  /** One task at a time lets the workers fall asleep in between: a lost wake-up would hang here. */
  @ParameterizedTest
  @ValueSource(ints = {0, 20, 200})
  void noWakeUpIsLostInRoundTrips(int spins) {
    AtomicLong trips = new AtomicLong();
    AtomicBoolean ended = new AtomicBoolean();
    try (TaskExecutor executor = builder(2).set("free-threaded.spin-count", spins).open()) {
      Thread caller =
          new Thread(
              () -> {
                for (int i = 0; i < 40_000; i++) {
                  executor.submit(() -> 1).join();
                  trips.incrementAndGet();
                  for (int j = ThreadLocalRandom.current().nextInt(400); j > 0; j--) {
                    Thread.onSpinWait();
                  }
                }
                ended.set(true);
              });
      caller.start();
      while (!ended.get()) {
        long before = trips.get();
        await()
            .atMost(Duration.ofSeconds(30))
            .pollInterval(Duration.ofMillis(50))
            .until(() -> ended.get() || trips.get() > before);
      }
    }
  }

  /** Several callers and blocked workers at once: lanes change hands at every step. */
  @Test
  void noWakeUpIsLostWhileLanesChangeHands() throws Exception {
    AtomicLong trips = new AtomicLong();
    try (TaskExecutor executor = builder(2).set("free-threaded.spin-count", 5).open()) {
      List<Thread> callers = new ArrayList<>();
      for (int c = 0; c < 4; c++) {
        Thread caller =
            new Thread(
                () -> {
                  for (int i = 0; i < 5_000; i++) {
                    int n = i;
                    executor.submit(() -> pingPong(executor, n)).join();
                    trips.incrementAndGet();
                  }
                });
        caller.start();
        callers.add(caller);
      }
      while (trips.get() < 20_000) {
        long before = trips.get();
        await()
            .atMost(Duration.ofSeconds(30))
            .pollInterval(Duration.ofMillis(50))
            .until(() -> trips.get() > before || trips.get() == 20_000);
      }
      for (Thread caller : callers) {
        caller.join();
      }
    }
  }

  private static int pingPong(TaskExecutor executor, int n) throws Exception {
    TaskFuture<Integer> forked = executor.submit(() -> n);
    return switch (n % 3) {
      case 0 -> forked.get(1, TimeUnit.HOURS); // compensated
      case 1 -> Blocking.call(() -> forked.get()); // run in place, without a lane
      default -> forked.get(); // run in place
    };
  }

  @Test
  void tasksOfOneThreadStartInOrderOnOneWorker() {
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    try (TaskExecutor executor = builder(1).open()) {
      for (int i = 0; i < 10_000; i++) {
        int n = i;
        executor.execute(() -> void_(order.add(n)));
      }
    }
    assertThat(order).hasSize(10_000).isSorted();
  }

  @Test
  void aTaskFromOutsideGetsItsTurnBesideTasksThatSubmitThemselvesForEver() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (TaskExecutor executor = builder(2).open()) {
      for (int i = 0; i < 4; i++) {
        executor.execute(() -> again(executor, stop));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(executor.submit(() -> "turn").get(60, TimeUnit.SECONDS)).isEqualTo("turn");
      }
      stop.set(true);
    }
  }

  private static void again(TaskExecutor executor, AtomicBoolean stop) {
    if (stop.get()) {
      return;
    }
    try {
      executor.execute(() -> again(executor, stop));
    } catch (RejectedExecutionException expected) { // closed since the look at stop
      assertThat(stop).isTrue();
    }
  }

  @Test
  void noAcceptedTaskIsLostWhenShutdownComesInBetween() throws Exception {
    for (int round = 0; round < 300; round++) {
      TaskExecutor executor = builder(2).open();
      AtomicInteger ran = new AtomicInteger();
      List<List<TaskFuture<?>>> accepted = submitUntilRejected(executor, ran, 2);
      executor.close();
      assertThat(executor.isTerminated()).isTrue();
      int count = 0;
      for (List<TaskFuture<?>> futures : accepted) {
        assertThat(futures).allMatch(TaskFuture::isDone);
        count += futures.size();
      }
      assertThat(ran).hasValue(count);
      assertThat(executor.stats().workers()).isZero();
    }
  }

  @Test
  void shutdownNowLeavesNoFuturePending() throws Exception {
    for (int round = 0; round < 300; round++) {
      TaskExecutor executor = builder(2).open();
      AtomicInteger ran = new AtomicInteger();
      List<List<TaskFuture<?>>> accepted = submitUntilRejected(executor, ran, 2);
      executor.shutdownNow();
      assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      for (List<TaskFuture<?>> futures : accepted) {
        assertThat(futures).allMatch(TaskFuture::isDone);
      }
    }
  }

  /** Submits on several threads while the executor is shut down by another one. */
  private static List<List<TaskFuture<?>>> submitUntilRejected(
      TaskExecutor executor, AtomicInteger ran, int submitters) throws InterruptedException {
    List<List<TaskFuture<?>>> accepted = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int s = 0; s < submitters; s++) {
      List<TaskFuture<?>> mine = new ArrayList<>();
      accepted.add(mine);
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (true) {
                    mine.add(executor.submit(() -> void_(ran.incrementAndGet())));
                    while (mine.size() > MOST_ACCEPTED && !executor.isShutdown()) {
                      Thread.onSpinWait(); // on a busy machine the shutdown may be late
                    }
                  }
                } catch (RejectedExecutionException expected) {
                  return;
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (int i = ThreadLocalRandom.current().nextInt(20_000); i > 0; i--) {
      Thread.onSpinWait();
    }
    executor.shutdown();
    for (Thread thread : threads) {
      thread.join();
    }
    return accepted;
  }

  /** The task may be in a worker's hands, begun by nobody, when shutdownNow looks. */
  @Test
  void shutdownNowReachesATaskThatIsAboutToBegin() throws Exception {
    for (int round = 0; round < 1_000; round++) {
      TaskExecutor executor = builder(2).open();
      TaskFuture<?> future = executor.submit(FreeThreadedExecutorTest::waitForEver);
      for (int i = round % 500; i > 0; i--) {
        Thread.onSpinWait();
      }
      executor.shutdownNow();
      assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      assertThat(future.isDone()).isTrue();
    }
  }

  @Test
  void anInterruptNeverHitsTheNextTask() throws Exception {
    LongAdder strays = new LongAdder();
    try (TaskExecutor executor = builder(2).open()) {
      for (int i = 0; i < 20_000; i++) {
        TaskFuture<?> victim = executor.submit(() -> Thread.onSpinWait());
        TaskFuture<?> next =
            executor.submit(
                () -> {
                  for (int j = 0; j < 20; j++) {
                    if (Thread.currentThread().isInterrupted()) {
                      strays.increment();
                    }
                  }
                });
        victim.cancel(true);
        next.get();
      }
    }
    assertThat(strays.sum()).isZero();
  }

  @Test
  void theInitializerRunsOnceInEveryWorkerBeforeItsFirstTask() throws Exception {
    Set<Thread> initialized = ConcurrentHashMap.newKeySet();
    AtomicInteger times = new AtomicInteger();
    AtomicInteger before = new AtomicInteger();
    try (TaskExecutor executor =
        builder(2)
            .workerInitializer(
                () -> {
                  times.incrementAndGet();
                  initialized.add(Thread.currentThread());
                })
            .open()) {
      CountDownLatch all = new CountDownLatch(30); // 28 of them on spares
      List<TaskFuture<?>> futures = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        futures.add(
            executor.submit(
                () -> {
                  if (initialized.contains(Thread.currentThread())) {
                    before.incrementAndGet();
                  }
                  all.countDown();
                  return Blocking.call(() -> all.await(60, TimeUnit.SECONDS));
                }));
      }
      for (TaskFuture<?> future : futures) {
        future.get();
      }
      assertThat(before).hasValue(30);
      assertThat(times).hasValue(initialized.size());
      assertThat(executor.stats().workersStarted()).isGreaterThanOrEqualTo(30);
    }
  }

  @Test
  void aFailingInitializerBreaksTheExecutor() {
    IllegalStateException cause = new IllegalStateException("no database");
    TaskExecutor executor =
        builder(2)
            .workerInitializer(
                () -> {
                  throw cause;
                })
            .open();
    List<TaskFuture<?>> futures = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        futures.add(executor.submit(() -> 1));
      }
    } catch (BrokenExecutorException broken) {
      assertThat(broken).hasCause(cause);
    }
    for (TaskFuture<?> future : futures) {
      assertThatThrownBy(future::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(BrokenExecutorException.class)
          .hasRootCause(cause);
    }
    await().until(executor::isTerminated);
    assertThatThrownBy(() -> executor.submit(() -> 1))
        .isInstanceOf(BrokenExecutorException.class)
        .hasCause(cause);
    executor.close();
  }

  @Test
  void nothingIsLeftAfterClose() {
    String name = "left-behind";
    try (TaskExecutor executor = builder(3).name(name).open()) {
      for (int i = 0; i < 1_000; i++) {
        executor.execute(() -> void_(Thread.currentThread()));
      }
    }
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith(name)));
  }

  @Test
  void workersAreNamedDaemons() throws Exception {
    try (TaskExecutor executor = builder(1).name("crunch").open()) {
      Thread worker = executor.submit(() -> Thread.currentThread()).get();
      assertThat(worker.getName()).isEqualTo("crunch-worker-1");
      assertThat(worker.isDaemon()).isTrue();
      assertThat(worker.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
    }
  }

  @Test
  void workersInheritNothingFromWhoeverSubmits() throws Exception {
    InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
    ClassLoader ofOpener = Thread.currentThread().getContextClassLoader();
    try (TaskExecutor executor = builder(1).open()) {
      AtomicBoolean clean = new AtomicBoolean();
      Thread submitter =
          new Thread(
              () -> {
                inherited.set("the submitter's");
                Thread.currentThread().setContextClassLoader(null);
                clean.set(
                    executor
                        .submit(
                            () ->
                                inherited.get() == null
                                    && Thread.currentThread().getContextClassLoader() == ofOpener)
                        .join());
              });
      submitter.start();
      submitter.join();
      assertThat(clean).isTrue();
    }
  }

  private static boolean waitForEver() throws InterruptedException {
    new CountDownLatch(1).await();
    return true;
  }

  private static void void_(Object ignored) {}

  private static void assertOnceEach(AtomicIntegerArray times) {
    for (int i = 0; i < times.length(); i++) {
      if (times.get(i) != 1) {
        assertThat(times.get(i)).as("times that task %s ran", i).isEqualTo(1);
      }
    }
  }
}
