// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

import dev.interlock.contract.LeakCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(LeakCheck.class)
class CriticalSectionTest {
  private static final int TIMES = 20_000;

  private static final class Account {
    int balance;
  }

  private final Account a = new Account();
  private final Account b = new Account();

  /** Runs the bodies on a thread each, so many times, until all have ended. */
  private static void race(Runnable... bodies) throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (Runnable body : bodies) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < TIMES; i++) {
                  body.run();
                }
              });
      thread.setUncaughtExceptionHandler((which, thrown) -> failure.set(thrown));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
  }

  @Test
  void oneThreadAtATimeIsInASectionOfAnObject() throws Exception {
    Runnable add = () -> CriticalSection.on(a).run(() -> a.balance++);
    race(add, add, add);
    assertThat(a.balance).isEqualTo(3 * TIMES);
  }

  @Test
  void pairsInAnyOrderExcludeEachOtherAndNeverDeadlock() throws Exception {
    race(
        () -> CriticalSection.on(a, b).run(() -> transfer(a, b)),
        () -> CriticalSection.on(b, a).run(() -> transfer(b, a)),
        () -> CriticalSection.on(a).run(() -> a.balance++),
        () -> CriticalSection.on(b, b).run(() -> b.balance--));
    assertThat(a.balance).isEqualTo(TIMES);
    assertThat(b.balance).isEqualTo(-TIMES);
  }

  private static void transfer(Account from, Account to) {
    from.balance--;
    to.balance++;
  }

  @Test
  void nestedSectionsInCrossingOrderNeverDeadlock() throws Exception {
    race(
        () -> CriticalSection.on(a).run(() -> CriticalSection.on(b).run(() -> b.balance++)),
        () -> CriticalSection.on(b).run(() -> CriticalSection.on(a).run(() -> a.balance++)));
    assertThat(a.balance).isEqualTo(TIMES);
    assertThat(b.balance).isEqualTo(TIMES);
  }

  @Test
  void theSectionAroundIsHeldAgainAfterTheInnerOne() throws Exception {
    Runnable aroundInner =
        () ->
            CriticalSection.on(a)
                .run(
                    () -> {
                      CriticalSection.on(b).run(() -> b.balance++);
                      a.balance++;
                    });
    race(aroundInner, aroundInner, () -> CriticalSection.on(b, a).run(() -> transfer(a, b)));
    assertThat(a.balance).isEqualTo(TIMES);
    assertThat(b.balance).isEqualTo(3 * TIMES);
  }

  @Test
  void aThreadMayEnterTheSameObjectAgain() throws Exception {
    Runnable twice =
        () ->
            CriticalSection.on(a)
                .run(
                    () -> {
                      CriticalSection.on(a, b).run(() -> a.balance++);
                      a.balance++;
                    });
    race(twice, twice);
    assertThat(a.balance).isEqualTo(4 * TIMES);
  }

  @Test
  void aSectionIsGivenUpWhileItsThreadBlocksAndHeldAgainAfterwards() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    AtomicBoolean others = new AtomicBoolean();
    CountDownLatch again = new CountDownLatch(1);
    Thread blocking =
        new Thread(
            () ->
                CriticalSection.on(a)
                    .run(
                        () -> {
                          inside.countDown();
                          Blocking.run(() -> awaitQuietly(leave));
                          again.countDown();
                          while (!others.get()) {
                            Thread.onSpinWait();
                          }
                          a.balance = 1;
                        }));
    blocking.start();
    inside.await();
    CriticalSection.on(b, a).run(leave::countDown); // it would wait for ever if it were held
    again.await();
    Thread waiting = new Thread(() -> CriticalSection.on(a).run(() -> a.balance *= 2));
    waiting.start();
    await().until(() -> waiting.getState() == Thread.State.WAITING);
    others.set(true);
    blocking.join();
    waiting.join();
    assertThat(a.balance).isEqualTo(2);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aSectionEndsByAnException() throws Exception {
    IOException failure = new IOException("no disk");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                CriticalSection.on(a, b)
                    .call(
                        () -> {
                          throw failure;
                        }))
        .isSameAs(failure);
    race(() -> CriticalSection.on(a, b).run(() -> a.balance++));
    assertThat(a.balance).isEqualTo(TIMES);
    assertThat(CriticalSection.on(a).<Integer>call(() -> a.balance)).isEqualTo(TIMES);
  }

  @Test
  @SuppressWarnings("NullArgumentForNonNullParameter")
  void nullIsRefused() {
    assertThatNullPointerException().isThrownBy(() -> CriticalSection.on(null));
    assertThatNullPointerException().isThrownBy(() -> CriticalSection.on(a, null));
  }
}
