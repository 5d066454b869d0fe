// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contract.LeakCheck;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class InterruptSlotTest {
  private final Object task = new Object();
  private final Object other = new Object();

  @AfterEach
  void noInterruptIsLeft() {
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void occupantIsInterruptedUntilItLeaves() {
    InterruptSlot slot = InterruptSlot.ofWorker(Thread.currentThread());
    slot.enter(task);
    slot.interrupt(other);
    assertThat(Thread.currentThread().isInterrupted()).as("for another task").isFalse();
    slot.interrupt(task);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    slot.leave(task);
    assertThat(Thread.currentThread().isInterrupted()).as("after the task").isFalse();
    slot.interrupt(task);
    slot.interruptOccupant();
    assertThat(Thread.currentThread().isInterrupted()).as("when the slot is empty").isFalse();
  }

  @Test
  void workerClearsEveryInterruptAndABorrowedThreadOnlyTheTasks() {
    InterruptSlot ofWorker = InterruptSlot.ofWorker(Thread.currentThread());
    ofWorker.enter(task);
    Thread.currentThread().interrupt();
    ofWorker.leave(task);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();

    InterruptSlot ofCaller = InterruptSlot.ofCaller();
    ofCaller.enter(task);
    ofCaller.interruptOccupant();
    ofCaller.leave(task);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    ofCaller.enter(other);
    Thread.currentThread().interrupt();
    ofCaller.leave(other);
    assertThat(Thread.interrupted()).as("an interrupt that was not the task's").isTrue();
  }

  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void interruptNeverHitsTheNextTask() throws Exception {
    int fewestTasks = 200_000;
    int fewestHits = 100;
    int mask = (1 << 16) - 1;
    AtomicReference<Integer> running = new AtomicReference<>();
    AtomicIntegerArray meant = new AtomicIntegerArray(mask + 1);
    AtomicInteger stray = new AtomicInteger();
    AtomicInteger met = new AtomicInteger();
    AtomicReference<InterruptSlot> slotOfWorker = new AtomicReference<>();
    Thread worker =
        new Thread(
            () -> {
              InterruptSlot slot = InterruptSlot.ofWorker(Thread.currentThread());
              slotOfWorker.set(slot);
              for (int i = 1; i <= fewestTasks || met.get() < fewestHits; i++) {
                Integer number = i;
                slot.enter(number);
                running.set(number);
                for (int spin = i % 16; spin > 0; spin--) {
                  Thread.onSpinWait();
                }
                if (Thread.currentThread().isInterrupted()) {
                  met.incrementAndGet();
                  if (meant.get(i & mask) != i) {
                    stray.incrementAndGet();
                  }
                }
                slot.leave(number);
                if (Thread.currentThread().isInterrupted()) {
                  stray.incrementAndGet();
                }
              }
            },
            "worker");
    Thread interrupter =
        new Thread(
            () -> {
              while (worker.isAlive()) {
                Integer number = running.get();
                if (number != null) {
                  meant.set(number & mask, number);
                  slotOfWorker.get().interrupt(number);
                }
              }
            },
            "interrupter");
    worker.start();
    interrupter.start();
    worker.join();
    interrupter.join();
    assertThat(stray.get()).as("interrupts that hit another task").isZero();
    assertThat(met.get()).as("interrupts that hit").isGreaterThanOrEqualTo(fewestHits);
  }
}
