// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Deadline;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Waiting;
import dev.interlock.contract.reference.ProviderLoader;
import dev.interlock.contract.reference.SameThreadProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class QueueSlotsTest {
  private final TaskExecutor executor =
      new ProviderLoader(List.of(SameThreadProvider.class)).call(Interlock::open);
  private final QueueSlots slots = new QueueSlots(2);

  @AfterEach
  void close() {
    executor.close();
  }

  @Test
  void placesAreTakenAndGivenBack() {
    assertThat(slots.tryAcquire(executor)).isTrue();
    assertThat(slots.tryAcquire(executor)).isTrue();
    assertThat(slots.tryAcquire(executor)).isFalse();
    slots.release();
    assertThat(slots.tryAcquire(executor)).isTrue();
    assertThat(slots.acquire("pool", Deadline.after(Duration.ofMillis(1)))).isFalse();
  }

  @Test
  void exceededPlacesMustBeGivenBackFirst() {
    slots.exceed();
    slots.exceed();
    slots.exceed();
    assertThat(slots.tryAcquire(executor)).isFalse();
    slots.release();
    assertThat(slots.tryAcquire(executor)).isFalse();
    slots.release();
    assertThat(slots.tryAcquire(executor)).isTrue();
  }

  @Test
  void workerOfTheExecutorAlwaysGetsAPlace() throws Exception {
    slots.exceed();
    slots.exceed();
    TaskExecutor own = ExecutorHandle.behind(executor);
    assertThat(Waiting.get(executor.submit(() -> slots.tryAcquire(own)))).isTrue();
    slots.release();
    assertThat(slots.tryAcquire(executor)).as("a place that is owed").isFalse();
  }

  @Test
  void closingLetsWaitersOut() throws Exception {
    QueueSlots full = new QueueSlots(1);
    assertThat(full.acquire("pool", null)).isTrue();
    Thread waiter = new Thread(() -> full.acquire("pool", null), "waiter");
    waiter.start();
    Waiting.await().until(() -> waiter.getState() == Thread.State.WAITING);
    full.releaseWaiters();
    waiter.join();
  }

  @Test
  void interruptedWaitIsARejectionThatKeepsTheInterrupt() {
    slots.exceed();
    slots.exceed();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> slots.acquire("pool", null))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessage("pool: interrupted while waiting for a place in the queue");
    assertThat(Thread.interrupted()).isTrue();
  }
}
