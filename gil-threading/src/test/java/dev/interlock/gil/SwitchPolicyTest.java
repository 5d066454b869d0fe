// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.interlock.Blocking;
import dev.interlock.ConfigurationException;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SwitchPolicyTest extends GilTestBase {
  private static final long NEVER_NS = Duration.ofHours(1).toNanos();

  private final List<Thread> threads = new ArrayList<>();
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void noThreadIsLeft() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(20_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }

  // responsive

  @Test
  void whoComesBackFromBlockingGoesBeforeWhoComputes() {
    PlainLock lock = new PlainLock(SwitchPolicy.RESPONSIVE, NEVER_NS);
    lock.acquire();
    waitFor(lock, false, "computes");
    waitFor(lock, true, "comes back");
    await().until(() -> lock.statistics().dropRequests() == 1);
    lock.check();
    lock.release();
    await().until(() -> order.size() == 2);
    assertThat(order).containsExactly("comes back", "computes");
  }

  @Test
  void whoHasWaitedForAWholeIntervalGoesFirst() {
    PlainLock lock = new PlainLock(SwitchPolicy.RESPONSIVE, NEVER_NS);
    lock.acquire();
    waitFor(lock, false, "computes");
    lock.setSwitchIntervalNs(0);
    await().until(() -> lock.statistics().dropRequests() == 1);
    waitFor(lock, true, "comes back");
    await().until(() -> lock.statistics().dropRequests() == 2);
    lock.check();
    lock.release();
    await().until(() -> order.size() == 2);
    assertThat(order).containsExactly("computes", "comes back");
  }

  @Test
  void whoHasBeenPassedOverForAnIntervalHasTheLockForOne() {
    PlainLock lock = new PlainLock(SwitchPolicy.RESPONSIVE, NEVER_NS);
    lock.acquire(Waiter.Kind.RETURNING);
    AtomicBoolean sliced = new AtomicBoolean();
    Thread computes =
        start(
            () -> {
              lock.acquire();
              sliced.set(lock.lock().holder().keptNs() > 0);
              lock.release();
            });
    await().until(() -> waitsForALock(computes));
    lock.setSwitchIntervalNs(1_000_000);
    await().until(() -> lock.statistics().dropRequests() == 1);
    lock.setSwitchIntervalNs(NEVER_NS);
    lock.check();
    lock.release();
    await().untilTrue(sliced);
  }

  @Test
  void aTaskThatComputesIsNotStarvedByHundredsThatBlock() throws Exception {
    TaskExecutor executor = open(builder("responsive").workers(201));
    AtomicBoolean done = new AtomicBoolean();
    List<TaskFuture<?>> blocking = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      blocking.add(
          executor.submit(
              () -> {
                while (!done.get()) {
                  Blocking.run(() -> LockSupport.parkNanos(1_000));
                  for (int j = 0; j < 1_000; j++) {
                    Gil.checkpoint();
                  }
                }
              }));
    }
    TaskFuture<Long> computing =
        executor.submit(
            () -> {
              long sum = 0;
              for (int i = 0; i < 5_000_000; i++) {
                sum += i;
                Gil.checkpoint();
              }
              return sum;
            });
    assertThat(computing.get()).isEqualTo(5_000_000L * 4_999_999 / 2);
    done.set(true);
    for (TaskFuture<?> future : blocking) {
      future.get();
    }
  }

  // check-interval

  @Test
  void theLockChangesHandsAfterSoManyBytecodesAndNotBefore() {
    PlainLock lock =
        new PlainLock(new LockSettings(SwitchPolicy.CHECK_INTERVAL, 0, 100, TakeOverRule.WAITING));
    lock.acquire();
    lock.count(90);
    lock.count(20); // nobody waits: the count begins anew
    waitFor(lock, false, "waiter");
    for (int i = 0; i < 99; i++) {
      lock.count(1);
      lock.check();
    }
    assertThat(order).isEmpty();
    lock.count(1);
    assertThat(order).containsExactly("waiter");
    lock.release();
    assertThat(lock.statistics().dropRequests()).isZero();
    assertThat(lock.statistics().forcedDrops()).isEqualTo(1);
  }

  @Test
  void eachCheckpointCountsOne() throws Exception {
    assumeFalse(EvalBreaker.isInstrumented(), "with the agent, bytecodes count too");
    TaskExecutor executor =
        open(builder("check-interval").workers(2).set("gil-threading.check-interval", 10));
    AtomicBoolean bothThere = new AtomicBoolean();
    Runnable steps =
        () -> {
          while (!bothThere.get()) {
            bothThere.set(workerThreads().stream().anyMatch(SwitchPolicyTest::waitsForALock));
          }
          for (int i = 0; i < 100; i++) {
            order.add(Thread.currentThread().getName());
            Gil.checkpoint();
          }
        };
    TaskFuture<?> first = executor.submit(steps);
    TaskFuture<?> second = executor.submit(steps);
    first.get();
    second.get();
    List<String> expected =
        IntStream.range(0, 200).mapToObj(i -> order.get(i / 10 % 2 == 0 ? 0 : 10)).toList();
    assertThat(order).isEqualTo(expected);
    assertThat(order.get(0)).isNotEqualTo(order.get(10));
  }

  // The options.

  @Test
  void aWrongPolicyNamesKeyValueAndChoices() {
    assertThatThrownBy(() -> open(builder("fair")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.gil-threading.policy is 'fair'")
        .hasMessageContaining("one of switch-interval, responsive, check-interval");
    assertThatThrownBy(() -> open(builder("check-interval").set("gil-threading.check-interval", 0)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.gil-threading.check-interval is '0'")
        .hasMessageContaining("from 1 to");
    assertThatThrownBy(() -> open(builder().set("gil-threading.take-over", "never")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("one of auto, deadlocked, waiting");
  }

  private void waitFor(PlainLock lock, boolean comesBack, String name) {
    Thread waiter =
        start(
            () -> {
              if (comesBack) {
                lock.acquireBack();
              } else {
                lock.acquire();
              }
              order.add(name);
              lock.release();
            });
    await().until(() -> waitsForALock(waiter));
  }

  private static boolean waitsForALock(Thread thread) {
    return LockSupport.getBlocker(thread) instanceof InterpreterLock;
  }

  private Thread start(Runnable body) {
    Thread thread = new Thread(body);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
    return thread;
  }
}
