// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contract.LeakCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class AdmissionTest {
  private final AtomicInteger quiescent = new AtomicInteger();
  private final Admission admission = new Admission(quiescent::incrementAndGet);

  @Test
  void closedEmptyIsQuiescentAtOnce() {
    assertThat(admission.close()).isTrue();
    assertThat(quiescent.get()).isEqualTo(1);
    assertThat(admission.close()).isFalse();
    assertThat(admission.enter()).isFalse();
    assertThat(quiescent.get()).isEqualTo(1);
  }

  @Test
  void lastTaskOutMakesItQuiescent() {
    assertThat(admission.enter()).isTrue();
    assertThat(admission.enter()).isTrue();
    assertThat(admission.close()).isTrue();
    assertThat(admission.isClosed()).isTrue();
    admission.exit();
    assertThat(admission.enter()).as("through a closed door").isFalse();
    assertThat(quiescent.get()).isZero();
    admission.exit();
    assertThat(quiescent.get()).isEqualTo(1);
  }

  @Test
  void quiescenceIsAnnouncedOnceAndOnlyWhenAllAreOut() throws Exception {
    for (int round = 0; round < 500; round++) {
      AtomicInteger inside = new AtomicInteger();
      AtomicInteger announced = new AtomicInteger();
      AtomicInteger tooEarly = new AtomicInteger();
      Admission door =
          new Admission(
              () -> {
                announced.incrementAndGet();
                tooEarly.addAndGet(inside.get());
              });
      CyclicBarrier start = new CyclicBarrier(3);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        threads.add(
            start(
                start,
                () -> {
                  for (int n = 0; n < 50 && door.enter(); n++) {
                    inside.incrementAndGet();
                    Thread.onSpinWait();
                    inside.decrementAndGet();
                    door.exit();
                  }
                }));
      }
      threads.add(start(start, door::close));
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(announced.get()).as("announcements in round %d", round).isEqualTo(1);
      assertThat(tooEarly.get()).as("tasks inside then").isZero();
    }
  }

  private static Thread start(CyclicBarrier barrier, Runnable body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                barrier.await();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
              body.run();
            });
    thread.start();
    return thread;
  }
}
