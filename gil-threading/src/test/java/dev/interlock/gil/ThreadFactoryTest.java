// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.interlock.Blocking;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.contract.LeakCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(LeakCheck.class)
class ThreadFactoryTest {
  @Test
  void tasksRunOnTheThreadsOfTheFactory() throws Exception {
    AtomicInteger made = new AtomicInteger();
    try (TaskExecutor executor =
        Interlock.builder()
            .strategy("gil-threading")
            .workers(3)
            .threadFactory(body -> new Thread(body, "made-" + made.incrementAndGet()))
            .open()) {
      CountDownLatch all = new CountDownLatch(3);
      List<TaskFuture<String>> futures = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        futures.add(
            executor.submit(
                () -> {
                  all.countDown();
                  Blocking.call(() -> all.await(30, TimeUnit.SECONDS));
                  return Thread.currentThread().getName();
                }));
      }
      for (TaskFuture<String> future : futures) {
        assertThat(future.get()).startsWith("made-");
      }
      assertThat(made.get()).isGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void aFactoryThatGivesNoThreadBreaksTheExecutor() {
    TaskExecutor executor =
        Interlock.builder().strategy("gil-threading").threadFactory(body -> null).open();
    assertThatExceptionOfType(Exception.class)
        .isThrownBy(() -> executor.submit(() -> 1).get())
        .havingRootCause()
        .withMessageContaining("gave no thread");
    await().until(executor::isTerminated);
    executor.close();
  }
}
