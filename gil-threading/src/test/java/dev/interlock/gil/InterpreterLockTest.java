// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InterpreterLockTest {
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

  @Test
  void isFreeAtFirstAndHeldByOneThread() {
    PlainLock lock = new PlainLock(NEVER_NS);
    assertThat(lock.isHeldByCurrentThread()).isFalse();
    lock.acquire();
    assertThat(lock.isHeldByCurrentThread()).isTrue();
    lock.release();
    assertThat(lock.isHeldByCurrentThread()).isFalse();
    assertThat(lock.statistics().handOffs()).isEqualTo(1);
    assertThat(lock.statistics().waits()).isZero();
    assertThat(lock.statistics().forcedDrops()).isZero();
  }

  @Test
  void misuseIsAnErrorAtOnce() {
    PlainLock lock = new PlainLock(NEVER_NS);
    assertThatThrownBy(lock::release)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not hold");
    lock.acquire();
    assertThatThrownBy(lock::acquire)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("already");
    lock.release();
  }

  @Test
  void yieldingDoesNothingWhileNobodyAsks() {
    PlainLock lock = new PlainLock(NEVER_NS);
    lock.yieldIfAsked();
    lock.acquire();
    lock.yieldIfAsked();
    Thread waiter = waitFor(lock, () -> {});
    lock.yieldIfAsked();
    assertThat(lock.isHeldByCurrentThread()).isTrue();
    assertThat(lock.statistics().forcedDrops()).isZero();
    assertThat(waiter.isAlive()).isTrue();
    lock.release();
  }

  @Test
  void aForcedDropHandsOverToTheLongestWaiterAndQueuesBehindAll() {
    PlainLock lock = new PlainLock(NEVER_NS);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    lock.acquire();
    for (String name : List.of("first", "second", "third")) {
      waitFor(lock, () -> order.add(name));
    }
    lock.setSwitchIntervalNs(0);
    yieldUntil(lock, () -> lock.statistics().forcedDrops() != 0);
    order.add("who yielded");
    lock.release();
    assertThat(order).containsExactly("first", "second", "third", "who yielded");
    assertThat(lock.statistics().handOffs()).isEqualTo(5);
    assertThat(lock.statistics().waits()).isEqualTo(4);
  }

  @Test
  void aWaiterNoticesAShorterInterval() {
    PlainLock lock = new PlainLock(NEVER_NS);
    AtomicBoolean hadIt = new AtomicBoolean();
    lock.acquire();
    waitFor(lock, () -> hadIt.set(true));
    lock.setSwitchIntervalNs(1_000_000);
    yieldUntil(lock, hadIt::get);
    lock.release();
    assertThat(lock.statistics().forcedDrops()).isEqualTo(1);
  }

  @Test
  void aReleaseHandsOverToAWaiterThatAsksBeforeAnybodyElseCanTakeTheLock() {
    PlainLock lock = new PlainLock(0);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    lock.acquire();
    waitFor(lock, () -> order.add("who asked")); // it has asked before it parked
    lock.release();
    lock.acquire();
    order.add("who released");
    lock.release();
    assertThat(order).containsExactly("who asked", "who released");
    assertThat(lock.statistics().forcedDrops()).isZero();
  }

  @Test
  void anInterruptDoesNotEndTheWaitAndIsKept() {
    PlainLock lock = new PlainLock(NEVER_NS);
    AtomicReference<Boolean> interrupted = new AtomicReference<>();
    lock.acquire();
    Thread waiter = waitFor(lock, () -> interrupted.set(Thread.currentThread().isInterrupted()));
    waiter.interrupt();
    await().until(() -> !waiter.isInterrupted() && isParked(waiter));
    assertThat(interrupted.get()).isNull();
    lock.release();
    await().untilAsserted(() -> assertThat(interrupted.get()).isTrue());
  }

  @Test
  void aParkPermitGivenDuringTheWaitIsKept() {
    PlainLock lock = new PlainLock(NEVER_NS);
    lock.acquire();
    Thread waiter = waitFor(lock, LockSupport::park);
    for (int i = 0; i < 100; i++) {
      LockSupport.unpark(waiter);
    }
    await().until(() -> isParked(waiter));
    lock.release();
    await().until(() -> !waiter.isAlive());
  }

  @Test
  void aParkPermitGivenBeforeTheWaitIsKept() {
    PlainLock lock = new PlainLock(NEVER_NS);
    lock.acquire();
    Thread waiter =
        start(
            () -> {
              LockSupport.unpark(Thread.currentThread());
              lock.acquire();
              LockSupport.park();
              lock.release();
            });
    await().until(() -> isParked(waiter));
    lock.release();
    await().until(() -> !waiter.isAlive());
  }

  private static void yieldUntil(PlainLock lock, BooleanSupplier condition) {
    long startNs = System.nanoTime();
    while (!condition.getAsBoolean()) {
      lock.yieldIfAsked();
      assertThat(System.nanoTime() - startNs).isLessThan(30_000_000_000L);
    }
  }

  /** Starts a thread and returns once it waits for the lock. */
  private Thread waitFor(PlainLock lock, Runnable whenHeld) {
    Thread thread =
        start(
            () -> {
              lock.acquire();
              try {
                whenHeld.run();
              } finally {
                lock.release();
              }
            });
    await().until(() -> isParked(thread));
    return thread;
  }

  private static boolean isParked(Thread thread) {
    return LockSupport.getBlocker(thread) instanceof InterpreterLock && TakeOverRule.waits(thread);
  }

  private Thread start(Runnable body) {
    Thread thread = new Thread(body);
    thread.setUncaughtExceptionHandler((t, e) -> failure.compareAndSet(null, e));
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
    return thread;
  }
}
