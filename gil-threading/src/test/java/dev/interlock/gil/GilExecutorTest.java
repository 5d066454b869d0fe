// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.interlock.Blocking;
import dev.interlock.BrokenExecutorException;
import dev.interlock.Capability;
import dev.interlock.ConfigurationException;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GilExecutorTest {
  private static final String NAME = "gil-under-test";

  private final List<TaskExecutor> opened = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    for (TaskExecutor executor : opened) {
      executor.close(Duration.ofSeconds(20));
      assertThat(executor.isTerminated()).isTrue();
    }
    await().untilAsserted(() -> assertThat(workerThreads()).isEmpty());
    assertThat(Thread.interrupted()).isFalse();
    await().untilAsserted(() -> assertThat(EvalBreaker.value()).isZero());
  }

  // Mutual exclusion.

  @Test
  void exactlyOneThreadRunsTaskCodeAtAnyInstant() throws Exception {
    TaskExecutor executor = open(builder().workers(8));
    Gil.of(executor).setSwitchInterval(Duration.ofNanos(1));
    Unguarded counter = new Unguarded();
    int runs = 0;
    do { // a thread that is never stopped may run all of them before another one wakes up
      runs += runManyThatYieldAndBlock(executor, counter::count);
    } while (Gil.of(executor).statistics().forcedDrops() == 0);
    assertThat(counter.value).isEqualTo(runs * Unguarded.STEPS);
  }

  /**
   * Loses counts as soon as two threads are in here at once; a switch at a back-edge or a method
   * entry, where the agent has one, loses none.
   */
  private static final class Unguarded {
    static final int STEPS = 20;

    private volatile int value;

    int count() {
      for (int i = 0; i < STEPS; i++) {
        int before = value;
        value = before + 1;
      }
      return STEPS;
    }
  }

  /** How often {@code exclusive} has been run. */
  private static int runManyThatYieldAndBlock(TaskExecutor executor, Runnable exclusive)
      throws Exception {
    List<TaskFuture<?>> futures = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      boolean blocks = i % 4 == 0;
      futures.add(
          executor.submit(
              () -> {
                for (int step = 0; step < 50; step++) {
                  exclusive.run();
                  Gil.checkpoint();
                }
                if (blocks) {
                  Blocking.run(() -> LockSupport.parkNanos(100_000));
                }
                exclusive.run();
              }));
    }
    for (TaskFuture<?> future : futures) {
      future.get();
    }
    return futures.size() * 51;
  }

  @Test
  void aCheckpointLetsALongTaskBeOvertaken() throws Exception {
    TaskExecutor executor = open(builder().workers(2));
    AtomicBoolean overtaken = new AtomicBoolean();
    TaskFuture<?> hog =
        executor.submit(
            () -> {
              while (!overtaken.get()) {
                Gil.checkpoint();
              }
            });
    executor.submit(() -> overtaken.set(true)).get();
    hog.get();
    assertThat(Gil.of(executor).statistics().forcedDrops()).isPositive();
  }

  @Test
  void theIntervalChangesWhileTasksRun() throws Exception {
    TaskExecutor executor = open(builder().workers(2).set("gil-threading.switch-interval", "1h"));
    Gil gil = Gil.of(executor);
    assertThat(gil.switchInterval()).isEqualTo(Duration.ofHours(1));
    AtomicBoolean overtaken = new AtomicBoolean();
    TaskFuture<?> hog =
        executor.submit(
            () -> {
              while (!overtaken.get()) {
                Gil.checkpoint();
              }
            });
    TaskFuture<?> second = executor.submit(() -> overtaken.set(true));
    await().until(this::someWorkerWaitsForTheLock);
    assertThat(overtaken).isFalse();
    gil.setSwitchInterval(Duration.ofMillis(1));
    second.get();
    hog.get();
    assertThat(gil.switchInterval()).isEqualTo(Duration.ofMillis(1));
  }

  @Test
  void outsideATaskThereIsNothingToYieldAndNothingHeld() throws Exception {
    TaskExecutor executor = open(builder());
    Gil.checkpoint();
    Gil gil = Gil.of(executor);
    assertThat(gil.isHeldByCurrentThread()).isFalse();
    assertThat(executor.submit(gil::isHeldByCurrentThread).get()).isTrue();
  }

  // Blocking.

  @Test
  void blockingCallsOverlapBeyondTheNumberOfWorkers() throws Exception {
    TaskExecutor executor = open(builder().workers(2));
    CyclicBarrier allInside = new CyclicBarrier(10);
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      futures.add(executor.submit(() -> Blocking.call(allInside::await)));
    }
    for (TaskFuture<Integer> future : futures) {
      assertThat(future.get()).isBetween(0, 9);
    }
    await().untilAsserted(() -> assertThat(executor.stats().workers()).isLessThanOrEqualTo(2));
  }

  @Test
  void maxThreadsBoundsHowManyBlockAtATime() throws Exception {
    TaskExecutor executor = open(builder().workers(2).set("gil-threading.max-threads", 3));
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CyclicBarrier three = new CyclicBarrier(3);
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      futures.add(
          executor.submit(
              () ->
                  Blocking.call(
                      () -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        three.await();
                        return inside.decrementAndGet();
                      })));
    }
    for (TaskFuture<Integer> future : futures) {
      future.get();
    }
    assertThat(most).hasValue(3);
  }

  @Test
  void theLockIsDroppedInBlockingAndHeldAfterIt() throws Exception {
    TaskExecutor executor = open(builder().workers(2));
    Gil gil = Gil.of(executor);
    List<Boolean> held =
        executor
            .submit(
                () -> {
                  List<Boolean> seen = new ArrayList<>();
                  seen.add(gil.isHeldByCurrentThread());
                  Blocking.run(
                      () -> {
                        seen.add(gil.isHeldByCurrentThread());
                        Blocking.run(() -> seen.add(gil.isHeldByCurrentThread()));
                        Gil.checkpoint();
                        seen.add(gil.isHeldByCurrentThread());
                      });
                  seen.add(gil.isHeldByCurrentThread());
                  return seen;
                })
            .get();
    assertThat(held).containsExactly(true, false, false, false, true);
  }

  @Test
  void theLockIsHeldAfterABlockingCallThatThrows() throws Exception {
    TaskExecutor executor = open(builder().workers(1));
    Gil gil = Gil.of(executor);
    TaskFuture<Boolean> future =
        executor.submit(
            () -> {
              try {
                return Blocking.call(
                    () -> {
                      throw new IllegalStateException("from the body");
                    });
              } catch (IllegalStateException e) {
                return gil.isHeldByCurrentThread();
              }
            });
    assertThat(future.get()).isTrue();
  }

  @Test
  void anInterruptSurvivesTheWaitForTheLock() throws Exception {
    TaskExecutor executor = open(neverAsking());
    CountDownLatch inBlocking = new CountDownLatch(1);
    CountDownLatch lockTaken = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    TaskFuture<Boolean> interrupted =
        executor.submit(
            () -> {
              Blocking.run(
                  () -> {
                    inBlocking.countDown();
                    awaitQuietly(lockTaken);
                  });
              return Thread.currentThread().isInterrupted();
            });
    inBlocking.await();
    TaskFuture<?> holder =
        executor.submit(
            () -> {
              lockTaken.countDown();
              keepTheLockUntil(release);
            });
    await().until(this::interruptSomeWorkerThatWaitsForTheLock);
    release.countDown();
    holder.get();
    assertThat(interrupted.get()).isTrue();
  }

  @Test
  void theParkPermitOfATaskSurvivesACheckpoint() throws Exception {
    TaskExecutor executor = open(builder().workers(2).set("gil-threading.switch-interval", "0"));
    AtomicBoolean stop = new AtomicBoolean();
    TaskFuture<?> other =
        executor.submit(
            () -> {
              while (!stop.get()) {
                Gil.checkpoint();
              }
            });
    TaskFuture<?> parking =
        executor.submit(
            () -> {
              for (int i = 0; i < 500; i++) {
                LockSupport.unpark(Thread.currentThread());
                Gil.checkpoint();
                Blocking.run(LockSupport::park);
              }
              stop.set(true);
            });
    parking.get();
    other.get();
  }

  // Nested submits.

  @Test
  void nestedSubmitsOnOneWorkerNeverDeadlock() throws Exception {
    TaskExecutor executor = open(builder().workers(1));
    assertThat(executor.submit(() -> fibonacci(executor, 9)).get()).isEqualTo(34);
    await().untilAsserted(() -> assertThat(executor.stats().workers()).isLessThanOrEqualTo(1));
  }

  private static int fibonacci(TaskExecutor executor, int n) throws Exception {
    if (n < 2) {
      return n;
    }
    TaskFuture<Integer> first = executor.submit(() -> fibonacci(executor, n - 1));
    TaskFuture<Integer> second = executor.submit(() -> fibonacci(executor, n - 2));
    return first.get() + second.get();
  }

  @Test
  void nestedMapAndInvokeAllOnOneWorkerNeverDeadlock() throws Exception {
    TaskExecutor executor = open(builder().workers(1));
    int total =
        executor
            .submit(
                () -> {
                  int sum =
                      executor.map((Integer i) -> i * i, List.of(1, 2, 3)).mapToInt(i -> i).sum();
                  Callable<Integer> one = () -> 1;
                  for (var future : executor.invokeAll(List.of(one, one, one))) {
                    sum += future.get();
                  }
                  return sum;
                })
            .get();
    assertThat(total).isEqualTo(17);
  }

  @Test
  void theLastThreadThatCouldWaitFailsInsteadOfHanging() throws Exception {
    TaskExecutor executor = open(builder().workers(1).set("gil-threading.max-threads", 2));
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    CountDownLatch innerRan = new CountDownLatch(1);
    TaskFuture<?> outer =
        executor.submit(
            () -> {
              TaskFuture<?> middle =
                  executor.submit(
                      () -> {
                        TaskFuture<?> inner = executor.submit(innerRan::countDown);
                        joinAndCollect(inner, failures);
                      });
              joinAndCollect(middle, failures);
            });
    outer.get();
    innerRan.await();
    assertThat(failures).hasSize(1);
    assertThat(failures.peek())
        .isInstanceOf(WorkersExhaustedException.class)
        .hasMessageContaining("all 2 threads")
        .hasMessageContaining("max-threads");
    assertThat(executor.submit(() -> 7).get()).isEqualTo(7);
  }

  private static void joinAndCollect(TaskFuture<?> future, Queue<Throwable> failures) {
    try {
      future.join();
    } catch (WorkersExhaustedException e) {
      failures.add(e);
    }
  }

  @Test
  void waitingForManyAtOnceFailsInsteadOfHangingToo() {
    TaskExecutor executor = open(builder().workers(1).set("gil-threading.max-threads", 1));
    Callable<Integer> one = () -> 1;
    TaskFuture<?> outer = executor.submit(() -> executor.invokeAll(List.of(one, one)));
    assertThatThrownBy(outer::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(WorkersExhaustedException.class);
  }

  @Test
  void waitingForWhatIsDoneElsewhereIsNoDeadlock() throws Exception {
    TaskExecutor executor = open(builder().workers(1).set("gil-threading.max-threads", 1));
    TaskExecutor other = open(builder().workers(1));
    TaskFuture<Integer> future = executor.submit(() -> other.submit(() -> 5).get());
    assertThat(future.get()).isEqualTo(5);
  }

  // Several executors.

  @Test
  void executorsThatCallEachOtherNeverDeadlock() throws Exception {
    TaskExecutor left = open(builder().workers(2));
    TaskExecutor right = open(builder().workers(2));
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      futures.add(left.submit(() -> right.submit(() -> left.submit(() -> 1).get() + 1).get() + 1));
      futures.add(right.submit(() -> left.submit(() -> right.submit(() -> 1).get() + 1).get() + 1));
    }
    for (TaskFuture<Integer> future : futures) {
      assertThat(future.get()).isEqualTo(3);
    }
  }

  @Test
  void whoRunsAQueuedTaskItselfHoldsTheLockForIt() throws Exception {
    TaskExecutor executor = open(builder().workers(1));
    Gil gil = Gil.of(executor);
    Thread caller = Thread.currentThread();
    CountDownLatch lockTaken = new CountDownLatch(1);
    TaskFuture<?> holder =
        executor.submit(
            () -> {
              lockTaken.countDown();
              while (!waitsForTheLock(caller) && !Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
              }
            });
    lockTaken.await();
    TaskFuture<Boolean> here =
        executor.submit(() -> gil.isHeldByCurrentThread() && Thread.currentThread() == caller);
    ((Runnable) here).run();
    assertThat(here.isDone()).isTrue();
    assertThat(here.get()).isTrue();
    assertThat(gil.isHeldByCurrentThread()).isFalse();
    holder.get();
  }

  @Test
  void aTaskThatRunsAnotherOneItselfKeepsTheLock() throws Exception {
    TaskExecutor executor = open(builder().workers(1));
    Gil gil = Gil.of(executor);
    TaskFuture<List<Boolean>> outer =
        executor.submit(
            () -> {
              TaskFuture<Boolean> inner = executor.submit(gil::isHeldByCurrentThread);
              ((Runnable) inner).run();
              return List.of(inner.isDone(), inner.get(), gil.isHeldByCurrentThread());
            });
    assertThat(outer.get()).containsExactly(true, true, true);
  }

  @Test
  void tasksThatRunTasksOfAnotherExecutorNeverDeadlock() throws Exception {
    TaskExecutor left = open(builder().workers(2));
    TaskExecutor right = open(builder().workers(2));
    Unguarded counterLeft = new Unguarded();
    Unguarded counterRight = new Unguarded();
    Callable<Integer> inLeft = counterLeft::count;
    Callable<Integer> inRight = counterRight::count;
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      futures.add(left.submit(() -> runThere(inLeft, right, inRight)));
      futures.add(right.submit(() -> runThere(inRight, left, inLeft)));
    }
    for (TaskFuture<Integer> future : futures) {
      future.get();
    }
    assertThat(counterLeft.value).isEqualTo(200 * 3 * Unguarded.STEPS);
    assertThat(counterRight.value).isEqualTo(200 * 3 * Unguarded.STEPS);
  }

  private static int runThere(Callable<Integer> here, TaskExecutor other, Callable<Integer> there)
      throws Exception {
    here.call();
    TaskFuture<Integer> future = other.submit(there);
    ((Runnable) future).run();
    here.call();
    return future.get();
  }

  // Cancel and shutdown.

  @Test
  void aTaskThatWaitsForTheLockIsCancelledBeforeItsFirstInstruction() throws Exception {
    TaskExecutor executor = open(neverAsking());
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean ran = new AtomicBoolean();
    TaskFuture<?> holder = executor.submit(() -> keepTheLockUntil(release));
    TaskFuture<?> waiting = executor.submit(() -> ran.set(true));
    await().until(this::someWorkerWaitsForTheLock);
    assertThat(waiting.cancel(false)).isTrue();
    release.countDown();
    holder.get();
    executor.submit(() -> {}).get();
    assertThat(ran).isFalse();
  }

  @Test
  void shutdownNowReturnsATaskThatWaitsForTheLock() throws Exception {
    TaskExecutor executor = open(neverAsking());
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    TaskFuture<?> holder =
        executor.submit(
            () -> {
              running.countDown();
              keepTheLockUntil(never);
              throw new InterruptedException();
            });
    running.await();
    TaskFuture<?> waiting = executor.submit(() -> {});
    await().until(this::someWorkerWaitsForTheLock);
    assertThat(executor.shutdownNow()).containsExactly((Runnable) waiting);
    assertThat(waiting.isCancelled()).isTrue();
    assertThatThrownBy(holder::get).hasCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void anInterruptedTaskLeavesNoInterruptToTheNext() throws Exception {
    TaskExecutor executor = open(builder().workers(1));
    for (int i = 0; i < 50; i++) {
      CountDownLatch running = new CountDownLatch(1);
      TaskFuture<?> sleeping =
          executor.submit(
              () -> {
                running.countDown();
                return Blocking.call(
                    () -> {
                      Thread.sleep(60_000);
                      return null;
                    });
              });
      running.await();
      assertThat(sleeping.cancel(true)).isTrue();
      assertThat(executor.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
    }
  }

  @Test
  void aTaskThatThrowsDropsTheLock() throws Exception {
    TaskExecutor executor = open(builder().workers(2));
    for (int i = 0; i < 20; i++) {
      TaskFuture<?> failing =
          executor.submit(
              () -> {
                throw new StackOverflowError("as if");
              });
      assertThatThrownBy(failing::get).hasCauseInstanceOf(StackOverflowError.class);
    }
    assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
    assertThat(executor.stats().workersLost()).isZero();
  }

  @Test
  void anUnusedExecutorClosesWithoutEverHavingAThread() {
    TaskExecutor executor = open(builder());
    executor.close();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(executor.stats().workersStarted()).isZero();
  }

  // Callbacks.

  @Test
  void callbacksRunWithoutTheLockAndMayBlock() throws Exception {
    TaskExecutor executor = open(builder().workers(2));
    Gil gil = Gil.of(executor);
    CountDownLatch attached = new CountDownLatch(1);
    CountDownLatch otherRan = new CountDownLatch(1);
    CountDownLatch callbackDone = new CountDownLatch(1);
    AtomicReference<Boolean> held = new AtomicReference<>();
    TaskFuture<?> task = executor.submit(() -> awaitQuietly(attached));
    task.addListener(
        () -> {
          held.set(gil.isHeldByCurrentThread());
          TaskFuture<?> other = executor.submit(otherRan::countDown);
          awaitQuietly(otherRan);
          other.join();
          callbackDone.countDown();
        },
        Runnable::run);
    attached.countDown();
    callbackDone.await();
    assertThat(held.get()).isFalse();
  }

  // Workers.

  @Test
  void workersAreNamedDaemonsAndStartedAsNeeded() throws Exception {
    TaskExecutor executor = open(builder().workers(3));
    assertThat(workerThreads()).isEmpty();
    Thread worker = executor.submit(Thread::currentThread).get();
    assertThat(worker.getName()).isEqualTo(NAME + "-worker-1");
    assertThat(worker.isDaemon()).isTrue();
    for (int i = 0; i < 20; i++) {
      executor.submit(() -> {}).get();
    }
    assertThat(executor.stats().workersStarted()).isLessThanOrEqualTo(3);
  }

  @Test
  void theInitializerRunsOnceInEachWorkerUnderTheLock() throws Exception {
    AtomicReference<Gil> gil = new AtomicReference<>();
    AtomicBoolean alwaysHeld = new AtomicBoolean(true);
    Set<Thread> initialized = ConcurrentHashMap.newKeySet();
    AtomicInteger runs = new AtomicInteger();
    TaskExecutor executor =
        open(
            builder()
                .workers(2)
                .workerInitializer(
                    () -> {
                      runs.incrementAndGet();
                      initialized.add(Thread.currentThread());
                      if (!gil.get().isHeldByCurrentThread()) {
                        alwaysHeld.set(false);
                      }
                    }));
    gil.set(Gil.of(executor));
    CyclicBarrier both = new CyclicBarrier(2);
    List<TaskFuture<Boolean>> futures = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      futures.add(
          executor.submit(
              () -> {
                Blocking.call(both::await);
                return initialized.contains(Thread.currentThread());
              }));
    }
    for (TaskFuture<Boolean> future : futures) {
      assertThat(future.get()).isTrue();
    }
    assertThat(alwaysHeld).isTrue();
    assertThat(runs.get()).isEqualTo(initialized.size());
    assertThat((long) runs.get()).isEqualTo(executor.stats().workersStarted());
  }

  @Test
  void aFailingInitializerBreaksTheExecutor() {
    TaskExecutor executor =
        open(
            builder()
                .workers(2)
                .workerInitializer(
                    () -> {
                      throw new IllegalArgumentException("no licence");
                    }));
    TaskFuture<Integer> pending = executor.submit(() -> 1);
    assertThatThrownBy(pending::get)
        .hasCauseInstanceOf(BrokenExecutorException.class)
        .hasRootCauseMessage("no licence");
    await().until(executor::isTerminated);
    assertThatThrownBy(() -> executor.submit(() -> 2)).isInstanceOf(BrokenExecutorException.class);
  }

  @Test
  void anInitializerMayWaitForATaskOfItsExecutor() throws Exception {
    AtomicReference<TaskExecutor> self = new AtomicReference<>();
    AtomicBoolean first = new AtomicBoolean(true);
    TaskExecutor executor =
        builder()
            .workers(2)
            .workerInitializer(
                () -> {
                  if (first.getAndSet(false)) {
                    self.get().submit(() -> {}).join();
                  }
                })
            .open();
    opened.add(executor);
    self.set(executor);
    assertThat(executor.submit(() -> 3).get()).isEqualTo(3);
  }

  // Options.

  @Test
  void declaresWhatItCanDo() {
    GilProvider provider = new GilProvider();
    assertThat(provider.capabilities())
        .containsExactlyInAnyOrder(
            Capability.SHARED_MEMORY, Capability.MUTUAL_EXCLUSION, Capability.NESTED_SUBMIT);
    assertThat(IntStream.of(1, 2, 16, 64).map(provider::defaultWorkers))
        .containsExactly(5, 6, 20, 32);
  }

  @Test
  void aWrongOptionNamesKeyValueAndRange() {
    assertThatThrownBy(() -> open(builder().workers(4).set("gil-threading.max-threads", 3)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.gil-threading.max-threads is '3'")
        .hasMessageContaining("from 4 to");
    assertThatThrownBy(() -> open(builder().set("gil-threading.switch-interval", "-1ms")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.gil-threading.switch-interval");
    Gil gil = Gil.of(open(builder()));
    assertThatThrownBy(() -> gil.setSwitchInterval(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("switchInterval");
  }

  private static Interlock.Builder builder() {
    return Interlock.builder().strategy("gil-threading").name(NAME);
  }

  private TaskExecutor open(Interlock.Builder builder) {
    TaskExecutor executor = builder.open();
    opened.add(executor);
    return executor;
  }

  private static List<Thread> workerThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(NAME + "-worker-"))
        .toList();
  }

  private boolean someWorkerWaitsForTheLock() {
    return workerThreads().stream().anyMatch(GilExecutorTest::waitsForTheLock);
  }

  private static boolean waitsForTheLock(Thread thread) {
    return LockSupport.getBlocker(thread) instanceof InterpreterLock;
  }

  private boolean interruptSomeWorkerThatWaitsForTheLock() {
    List<Thread> waiting =
        workerThreads().stream().filter(GilExecutorTest::waitsForTheLock).toList();
    waiting.forEach(Thread::interrupt);
    return !waiting.isEmpty();
  }

  /** With the agent too: nobody asks for the lock, and nothing here blocks. */
  private static Interlock.Builder neverAsking() {
    return builder().workers(2).set("gil-threading.switch-interval", "1h");
  }

  private static void keepTheLockUntil(CountDownLatch latch) {
    while (latch.getCount() > 0 && !Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
