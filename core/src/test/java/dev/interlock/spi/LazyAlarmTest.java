// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.contract.LeakCheck;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class LazyAlarmTest {
  private static final long LONG_NS = TimeUnit.HOURS.toNanos(1);

  @Test
  void ringsForTheEarliestDeadline() {
    AtomicInteger rings = new AtomicInteger();
    LazyAlarm alarm =
        new LazyAlarm(
            now -> {
              rings.incrementAndGet();
              return LazyAlarm.NEVER;
            });
    alarm.ringBy(System.nanoTime() + LONG_NS);
    alarm.ringBy(System.nanoTime() + 1_000_000);
    alarm.ringBy(System.nanoTime() + LONG_NS);
    await().until(() -> rings.get() == 1);
    alarm.close();
  }

  @Test
  void noDeadlineIsMissedWhileItIsPutOff() {
    AtomicLong deadline = new AtomicLong(LazyAlarm.NEVER);
    AtomicInteger met = new AtomicInteger();
    AtomicInteger looks = new AtomicInteger();
    LazyAlarm alarm =
        new LazyAlarm(
            now -> {
              looks.incrementAndGet();
              long due = deadline.get();
              if (due != LazyAlarm.NEVER && now - due >= 0) {
                deadline.compareAndSet(due, LazyAlarm.NEVER);
                met.incrementAndGet();
                return LazyAlarm.NEVER;
              }
              return due;
            });
    for (int round = 1; round <= 300; round++) {
      for (int putOff = 0; putOff < 50; putOff++) {
        long due = System.nanoTime() + 200_000;
        deadline.set(due);
        alarm.ringBy(due);
      }
      await()
          .pollInterval(Duration.ofNanos(100_000))
          .atMost(Duration.ofSeconds(20))
          .until(() -> deadline.get() == LazyAlarm.NEVER);
    }
    assertThat(met.get()).isGreaterThanOrEqualTo(300);
    assertThat(looks.get()).as("looks for 15,000 deadlines").isLessThan(7_500);
    alarm.close();
  }

  @Test
  void aClosedOneIsSilent() throws Exception {
    AtomicInteger rings = new AtomicInteger();
    LazyAlarm alarm = new LazyAlarm(now -> rings.incrementAndGet() > 0 ? LazyAlarm.NEVER : now);
    alarm.ringBy(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50));
    alarm.close();
    alarm.ringBy(System.nanoTime());
    AtomicInteger later = new AtomicInteger();
    TaskTimer.schedule(TimeUnit.MILLISECONDS.toNanos(100), later::incrementAndGet).get();
    await().until(() -> later.get() == 1);
    assertThat(rings.get()).isZero();
  }

  @Test
  void whatIsDueMayBlock() {
    AtomicInteger done = new AtomicInteger();
    CountDownLatch never = new CountDownLatch(1);
    Thread[] blocked = new Thread[1];
    Future<?> blocks =
        TaskTimer.schedule(
            0,
            () -> {
              blocked[0] = Thread.currentThread();
              try {
                never.await();
              } catch (InterruptedException e) {
                done.incrementAndGet();
              }
            });
    Future<?> second = TaskTimer.schedule(1_000_000, done::incrementAndGet);
    await().until(() -> done.get() == 1 && blocked[0] != null);
    assertThat(blocks).isDone();
    assertThat(second).isDone();
    blocked[0].interrupt();
    await().until(() -> done.get() == 2);
  }
}
