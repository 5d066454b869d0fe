// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Blocking;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.contract.ThreadFactoryCases;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThreadFactoryTest extends ThreadFactoryCases {
  @Override
  protected Interlock.Builder builder() {
    return Interlock.builder().strategy("gil-threading").workers(3);
  }

  @Test
  void tasksRunOnTheThreadsOfTheFactory() throws Exception {
    AtomicInteger made = new AtomicInteger();
    try (TaskExecutor executor =
        builder()
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
}
