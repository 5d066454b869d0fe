// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.Blocking;
import dev.interlock.ConfigurationException;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Which threads there are: virtual ones, and none more for who computes without the lock. */
class GilThreadsTest extends GilTestBase {

  // Guarded by the interpreter lock alone.
  private int unguarded;

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads come with JDK 21")
  void tenThousandTasksBlockAtATimeUnderOneLock() throws Exception {
    tenThousandSleepAtATime(asleep -> Blocking.call(() -> sleep(asleep)));
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads come with JDK 21")
  void thousandsOfTasksSleepAtATimeWithoutSayingSo() throws Exception {
    assumeTrue(EvalBreaker.isInstrumented(), "without the agent they keep the lock");
    tenThousandSleepAtATime(GilThreadsTest::sleep);
  }

  /** How a task sleeps: it is given the count of those that do, and returns what it was then. */
  private interface Sleeping {
    int sleep(AtomicInteger asleep) throws Exception;
  }

  private static int sleep(AtomicInteger asleep) throws InterruptedException {
    int now = asleep.incrementAndGet();
    Thread.sleep(100);
    asleep.decrementAndGet();
    return now;
  }

  private void tenThousandSleepAtATime(Sleeping sleeping) throws Exception {
    TaskExecutor executor = open(virtual());
    AtomicInteger asleep = new AtomicInteger();
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      futures.add(
          executor.submit(
              () -> {
                unguarded++;
                int now = sleeping.sleep(asleep);
                unguarded++;
                return now;
              }));
    }
    int most = 0;
    for (TaskFuture<Integer> future : futures) {
      most = Math.max(most, future.get());
    }
    assertThat(unguarded).isEqualTo(20_000);
    assertThat(most).isGreaterThan(1_000);
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads come with JDK 21")
  void virtualThreadsTakeTurnsToo() throws Exception {
    TaskExecutor executor = open(virtual().workers(8).set("gil-threading.switch-interval", "1us"));
    Object monitor = new Object();
    int rounds = 0;
    do { // a carrier that is not stopped may run all of them one after the other
      sixteenTakeTurns(executor, monitor);
      rounds++;
    } while (Gil.of(executor).statistics().forcedDrops() == 0);
    assertThat(unguarded).isEqualTo(32_000 * rounds);
  }

  private void sixteenTakeTurns(TaskExecutor executor, Object monitor) throws Exception {
    List<TaskFuture<?>> futures = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      futures.add(
          executor.submit(
              () -> {
                for (int step = 0; step < 2_000; step++) {
                  unguarded++;
                  Gil.checkpoint();
                  if (step % 500 == 0) {
                    synchronized (monitor) {
                      Gil.checkpoint();
                    }
                    Gil.checkpoint();
                  }
                }
              }));
    }
    for (TaskFuture<?> future : futures) {
      future.get();
    }
  }

  @Test
  @EnabledForJreRange(max = JRE.JAVA_20, disabledReason = "this JDK has virtual threads")
  void onAnOlderJdkTheOptionSaysWhatToDo() {
    assertThatThrownBy(() -> open(virtual()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.gil-threading.threads is 'virtual'")
        .hasMessageContaining("JDK 21")
        .hasMessageContaining("newer JDK");
  }

  private static Interlock.Builder virtual() {
    return builder().set("gil-threading.threads", "virtual");
  }

  // Gil.allowThreads

  @Test
  void othersRunWhileOneComputesWithoutTheLock() throws Exception {
    TaskExecutor executor = open(builder().workers(2));
    Gil gil = Gil.of(executor);
    CountDownLatch otherRan = new CountDownLatch(1);
    TaskFuture<List<Boolean>> without =
        executor.submit(
            () -> {
              List<Boolean> held = new ArrayList<>();
              held.add(gil.isHeldByCurrentThread());
              Gil.allowThreads(
                  () -> {
                    held.add(gil.isHeldByCurrentThread());
                    otherRan.await();
                    Gil.allowThreads(() -> held.add(gil.isHeldByCurrentThread()));
                    Blocking.run(() -> held.add(gil.isHeldByCurrentThread()));
                    Gil.checkpoint();
                    held.add(gil.isHeldByCurrentThread());
                    return null;
                  });
              held.add(gil.isHeldByCurrentThread());
              return held;
            });
    executor.submit(otherRan::countDown).get();
    assertThat(without.get()).containsExactly(true, false, false, false, false, true);
  }

  @Test
  void nobodyTakesThePlaceOfWhoComputesWithoutTheLock() throws Exception {
    TaskExecutor executor = open(builder().workers(1));
    long started =
        executor
            .submit(
                () ->
                    Gil.allowThreads(
                        () -> {
                          executor.execute(() -> {});
                          return executor.stats().workersStarted();
                        }))
            .get();
    assertThat(started).isEqualTo(1);
    long compensated =
        executor
            .submit(
                () ->
                    Blocking.call(
                        () -> {
                          executor.execute(() -> {});
                          return executor.stats().workersStarted();
                        }))
            .get();
    assertThat(compensated).isEqualTo(2);
  }

  @Test
  void theLockIsHeldAgainAfterABodyThatThrows() throws Exception {
    TaskExecutor executor = open(builder().workers(1));
    Gil gil = Gil.of(executor);
    TaskFuture<Boolean> future =
        executor.submit(
            () -> {
              try {
                Gil.allowThreads(
                    (Runnable)
                        () -> {
                          throw new IllegalStateException("from the body");
                        });
                return false;
              } catch (IllegalStateException e) {
                return gil.isHeldByCurrentThread();
              }
            });
    assertThat(future.get()).isTrue();
  }

  @Test
  void outsideATaskTheBodyIsSimplyCalled() throws Exception {
    assertThat(Gil.allowThreads(() -> 3)).isEqualTo(3);
    Gil.allowThreads(() -> unguarded++);
    assertThat(unguarded).isEqualTo(1);
  }
}
