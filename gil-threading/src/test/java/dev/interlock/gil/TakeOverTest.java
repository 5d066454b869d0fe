// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.interlock.Blocking;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.gil.gate.Gate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A holder that is blocked loses the lock, and takes it back before it goes on. */
class TakeOverTest extends GilTestBase {
  private static final long NEVER_NS = Duration.ofHours(1).toNanos();

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  @AfterEach
  void noThreadIsLeftAndNoneFailed() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(20_000);
      assertThat(thread.isAlive()).isFalse();
    }
    assertThat(failure.get()).isNull();
  }

  // The lock by itself.

  @Test
  void aBlockedHolderIsRobbedAndIsAStrayUntilItsNextCheck() {
    PlainLock lock = new PlainLock(NEVER_NS);
    CountDownLatch unblock = new CountDownLatch(1);
    CountDownLatch mayRelease = new CountDownLatch(1);
    AtomicBoolean heldAfterCheck = new AtomicBoolean();
    Thread holder =
        start(
            () -> {
              lock.acquireBack();
              awaitQuietly(unblock);
              lock.check();
              heldAfterCheck.set(lock.isHeldByCurrentThread());
              lock.release();
            });
    await().until(() -> waits(holder));
    Thread robber =
        start(
            () -> {
              lock.acquire(); // not exposed: its own wait below does not cost it the lock
              awaitQuietly(mayRelease);
              lock.release();
            });
    await().until(() -> lock.statistics().takeOvers() == 1);
    assertThat(EvalBreaker.value()).isEqualTo(Gate.ONE_STRAY);
    unblock.countDown();
    await().until(() -> LockSupport.getBlocker(holder) instanceof InterpreterLock);
    assertThat(EvalBreaker.value() & ~Gate.REQUESTS).isZero();
    assertThat(robber.isAlive()).isTrue();
    assertThat(heldAfterCheck).isFalse();
    mayRelease.countDown();
    await().untilTrue(heldAfterCheck);
    assertThat(lock.statistics().takeOvers()).isEqualTo(1);
  }

  @Test
  void aRobbedHolderMayReleaseWithoutHarm() {
    PlainLock lock = new PlainLock(NEVER_NS);
    CountDownLatch unblock = new CountDownLatch(1);
    AtomicBoolean releasedQuietly = new AtomicBoolean();
    Thread holder =
        start(
            () -> {
              lock.acquireBack();
              awaitQuietly(unblock);
              lock.release();
              releasedQuietly.set(true);
            });
    await().until(() -> waits(holder));
    lock.acquire();
    unblock.countDown();
    await().untilTrue(releasedQuietly);
    assertThat(lock.isHeldByCurrentThread()).isTrue();
    lock.release();
    assertThat(EvalBreaker.value()).isZero();
  }

  @Test
  void whoHasBeenHandedTheLockKeepsItWhileItIsStillParked() {
    PlainLock lock = new PlainLock(0);
    CountDownLatch granted = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    lock.acquire();
    Thread second =
        start(
            () -> {
              lock.acquire();
              granted.countDown();
              awaitQuietly(go); // as a thread that is on its way to take a task
              lock.expose();
              lock.release();
            });
    await().until(() -> LockSupport.getBlocker(second) instanceof InterpreterLock);
    Thread third =
        start(
            () -> {
              lock.acquire();
              lock.release();
            });
    await().until(() -> LockSupport.getBlocker(third) instanceof InterpreterLock);
    lock.release();
    awaitQuietly(granted);
    await().until(() -> lock.statistics().dropRequests() == 2); // the third has asked, and looked
    await().pollDelay(Duration.ofMillis(20)).until(() -> waits(third));
    assertThat(lock.statistics().takeOvers()).isZero();
    go.countDown();
    await().until(() -> !third.isAlive());
  }

  @Test
  void aHolderThatRunsKeepsTheLock() {
    PlainLock lock = new PlainLock(0);
    AtomicBoolean stop = new AtomicBoolean();
    Thread holder =
        start(
            () -> {
              lock.acquireBack();
              while (!stop.get()) {
                Thread.onSpinWait();
              }
              lock.release();
            });
    await().until(lock.lock()::holder, held -> held != null);
    Thread waiter =
        start(
            () -> {
              lock.acquire();
              lock.release();
            });
    await().until(() -> lock.statistics().dropRequests() == 1);
    await().pollDelay(Duration.ofMillis(20)).until(() -> waits(waiter));
    stop.set(true);
    await().until(() -> !waiter.isAlive() && !holder.isAlive());
    assertThat(lock.statistics().takeOvers()).isZero();
  }

  // The rule for checks written by hand.

  @Test
  void onlyAWaitThatNobodyCouldEndCountsAsADeadlock() {
    PlainLock lock = new PlainLock(NEVER_NS);
    ReentrantLock mutex = new ReentrantLock();
    CountDownLatch mayQueue = new CountDownLatch(1);
    Thread owner =
        start(
            () -> {
              mutex.lock();
              try {
                awaitQuietly(mayQueue);
                lock.acquire();
              } finally {
                mutex.unlock();
              }
              lock.release();
            });
    await().until(mutex::isLocked);
    lock.acquire();
    Thread blocked = start(() -> lockAndUnlock(mutex));
    await().until(() -> mutex.hasQueuedThread(blocked) && waits(blocked));
    assertThat(TakeOverRule.DEADLOCKED.allows(blocked)).isFalse();
    assertThat(TakeOverRule.WAITING.allows(blocked)).isTrue();
    mayQueue.countDown();
    await().until(() -> LockSupport.getBlocker(owner) instanceof InterpreterLock);
    await().until(() -> TakeOverRule.DEADLOCKED.allows(blocked));
    lock.release();
  }

  @ParameterizedTest
  @ValueSource(strings = {"switch-interval", "responsive", "check-interval"})
  void aCheckInsideAContendedMonitorIsNoDeadlock(String policy) throws Exception {
    TaskExecutor executor =
        open(
            builder(policy)
                .workers(3)
                .set("gil-threading.switch-interval", "0")
                .set("gil-threading.check-interval", 1));
    Object monitor = new Object();
    List<TaskFuture<?>> futures = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      futures.add(
          executor.submit(
              () -> {
                for (int step = 0; step < 100; step++) {
                  synchronized (monitor) {
                    Gil.checkpoint();
                  }
                  Gil.checkpoint();
                }
              }));
    }
    for (TaskFuture<?> future : futures) {
      future.get();
    }
  }

  @Test
  void aBlockingCallInsideAReentrantLockIsNoDeadlock() throws Exception {
    TaskExecutor executor = open(builder().workers(2));
    ReentrantLock mutex = new ReentrantLock();
    CountDownLatch locked = new CountDownLatch(1);
    TaskFuture<?> owner =
        executor.submit(
            () -> {
              mutex.lock();
              try {
                Blocking.run(
                    () -> {
                      locked.countDown();
                      while (!mutex.hasQueuedThreads()) {
                        Thread.onSpinWait();
                      }
                    });
              } finally {
                mutex.unlock();
              }
            });
    locked.await();
    TaskFuture<?> blocked =
        executor.submit(
            () -> {
              lockAndUnlock(mutex);
              Gil.checkpoint();
            });
    owner.get();
    blocked.get();
    assertTakeOvers(executor, 1);
  }

  @Test
  void aMonitorOfWhoIsBusyElsewhereDoesNotCostTheLock() throws Exception {
    TaskExecutor executor = open(builder().workers(2).set("gil-threading.take-over", "deadlocked"));
    Gil gil = Gil.of(executor);
    Object monitor = new Object();
    TaskFuture<Boolean> kept;
    AtomicReference<Thread> worker = new AtomicReference<>();
    TaskFuture<?> waiting;
    synchronized (monitor) {
      kept =
          executor.submit(
              () -> {
                worker.set(Thread.currentThread());
                synchronized (monitor) {
                  return gil.isHeldByCurrentThread();
                }
              });
      await().until(() -> worker.get() != null && isBlocked(worker.get()));
      waiting = executor.submit(() -> {});
      await().until(() -> gil.statistics().dropRequests() > 0);
      await().pollDelay(Duration.ofMillis(10)).until(() -> isBlocked(worker.get()));
    }
    assertThat(kept.get()).isTrue();
    waiting.get();
    assertThat(gil.statistics().takeOvers()).isZero();
  }

  // Tasks that are robbed wherever they wait.

  @Test
  void tasksMayWaitForEachOtherInAnyWay() throws Exception {
    TaskExecutor executor = open(waiting().workers(2));
    CountDownLatch latch = new CountDownLatch(1);
    Map<String, Integer> map = new ConcurrentHashMap<>();
    TaskFuture<Boolean> first =
        executor.submit(
            () -> {
              latch.await();
              Gil.checkpoint();
              return Gil.of(executor).isHeldByCurrentThread();
            });
    executor.submit(latch::countDown).get();
    assertThat(first.get()).isTrue();
    TaskFuture<?> inside =
        executor.submit(
            () ->
                map.computeIfAbsent(
                    "key",
                    key -> {
                      Blocking.run(() -> LockSupport.parkNanos(2_000_000));
                      return 1;
                    }));
    TaskFuture<Integer> beside = executor.submit(() -> map.merge("key", 1, Integer::sum));
    inside.get();
    beside.get();
    assertThat(map.get("key")).isBetween(1, 2);
  }

  @Test
  void aRobbedTaskEndsBlocksThrowsAndIsCancelledAsAnyOther() throws Exception {
    TaskExecutor executor = open(waiting().workers(2));
    Gil gil = Gil.of(executor);
    TaskFuture<Integer> ends = executor.submit(() -> robbed(executor, () -> 1));
    assertThat(ends.get()).isEqualTo(1);
    TaskFuture<Boolean> blocks =
        executor.submit(
            () ->
                robbed(
                    executor,
                    () -> {
                      Blocking.run(() -> {});
                      return gil.isHeldByCurrentThread();
                    }));
    assertThat(blocks.get()).isTrue();
    TaskFuture<Boolean> allows =
        executor.submit(
            () ->
                robbed(
                    executor, () -> Gil.allowThreads(() -> true) && gil.isHeldByCurrentThread()));
    assertThat(allows.get()).isTrue();
    TaskFuture<Integer> runsAnother =
        executor.submit(
            () ->
                robbed(
                    executor,
                    () -> {
                      TaskFuture<Integer> other = executor.submit(() -> 5);
                      ((Runnable) other).run();
                      return other.get();
                    }));
    assertThat(runsAnother.get()).isEqualTo(5);
    CountDownLatch never = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    TaskFuture<?> cancelled =
        executor.submit(
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
              }
              return null;
            });
    executor.submit(() -> {}).get(); // takes the lock over
    assertThat(cancelled.cancel(true)).isTrue();
    await().untilTrue(interrupted);
    TaskFuture<?> throwing =
        executor.submit(
            () ->
                robbed(
                    executor,
                    () -> {
                      throw new IllegalStateException("from the task");
                    }));
    assertThatThrownBy(throwing::get).hasRootCauseMessage("from the task");
    assertTakeOvers(executor, 6);
    assertThat(executor.stats().workersLost()).isZero();
  }

  /** With the agent the JDK's blocking calls release the lock by themselves. */
  private static void assertTakeOvers(TaskExecutor executor, int least) {
    if (!EvalBreaker.isInstrumented()) {
      assertThat(Gil.of(executor).statistics().takeOvers()).isGreaterThanOrEqualTo(least);
    }
  }

  /** Waits for another task while it holds the lock, and is robbed; then runs {@code then}. */
  private static <T> T robbed(TaskExecutor executor, Callable<T> then) throws Exception {
    CountDownLatch other = new CountDownLatch(1);
    executor.execute(other::countDown);
    other.await();
    return then.call();
  }

  private static Interlock.Builder waiting() {
    return builder().set("gil-threading.take-over", "waiting");
  }

  private Thread start(Runnable body) {
    Thread thread = new Thread(body);
    thread.setUncaughtExceptionHandler((t, e) -> failure.compareAndSet(null, e));
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
    return thread;
  }

  private static void lockAndUnlock(ReentrantLock mutex) {
    mutex.lock();
    try {
      assertThat(mutex.isHeldByCurrentThread()).isTrue();
    } finally {
      mutex.unlock();
    }
  }

  private static boolean waits(Thread thread) {
    return TakeOverRule.waits(thread);
  }

  private static boolean isBlocked(Thread thread) {
    return thread.getState() == Thread.State.BLOCKED;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
