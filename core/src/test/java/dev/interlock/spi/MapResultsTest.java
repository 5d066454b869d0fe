// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.reference.ProviderLoader;
import dev.interlock.contract.reference.SameThreadProvider;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class MapResultsTest {

  @Test
  void interruptWhileWaitingForAPlaceInTheQueueCancels() {
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    try (TaskExecutor executor =
        new ProviderLoader(List.of(SameThreadProvider.class))
            .call(() -> Interlock.builder().queue(1, QueuePolicy.BLOCK).open())) {
      executor.execute(
          () -> {
            started.countDown();
            awaitQuietly(gate);
          });
      awaitQuietly(started);
      executor.execute(() -> {}); // the one place in the queue
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> executor.map(x -> x, List.of(1, 2)).toList())
          .isInstanceOf(CancellationException.class)
          .hasRootCauseInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isTrue();
      gate.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
