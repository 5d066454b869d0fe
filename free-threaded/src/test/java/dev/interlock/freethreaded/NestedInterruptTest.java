// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One run on top of another that waits for it: {@code cancel(true)} interrupts the one it means.
 */
@Timeout(120)
class NestedInterruptTest {
  private static final int TIMES = Integer.getInteger("nested.times", 1);
  private static final int CANCELS = 200 * TIMES;

  /** Few: where other processes take the processors, a canceller rarely meets a fork that runs. */
  private static final int HITS = 20 * TIMES;

  private static TaskExecutor executor(int workers) {
    return Interlock.builder().strategy("free-threaded").workers(workers).open();
  }

  private static void spin(int most) {
    for (int i = ThreadLocalRandom.current().nextInt(most); i > 0; i--) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void cancelledLowerRunIsInterruptedAndNoUpperOne(int workers) throws Exception {
    AtomicInteger stray = new AtomicInteger();
    try (TaskExecutor executor = executor(workers)) {
      for (int i = 0; i < CANCELS; i++) {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        TaskFuture<?> lower =
            executor.submit(
                () -> {
                  began.countDown();
                  while (!Thread.currentThread().isInterrupted()) {
                    executor
                        .submit(
                            () -> {
                              spin(8);
                              if (Thread.currentThread().isInterrupted()) {
                                stray.incrementAndGet();
                              }
                            })
                        .join();
                  }
                  ended.countDown();
                });
        began.await();
        spin(200);
        assertThat(lower.cancel(true)).isTrue();
        ended.await(); // the interrupt is not lost
      }
    }
    assertThat(stray.get()).as("upper runs with an interrupt that was not theirs").isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void cancelledUpperRunIsInterruptedAndNoLowerOne(int workers) throws Exception {
    AtomicInteger met = new AtomicInteger();
    AtomicInteger stray = new AtomicInteger();
    AtomicReference<@Nullable TaskFuture<?>> upper = new AtomicReference<>();
    try (TaskExecutor executor = executor(workers)) {
      TaskFuture<?> lower =
          executor.submit(
              () -> {
                while (met.get() < HITS) {
                  TaskFuture<?> fork =
                      executor.submit(
                          () -> {
                            spin(16);
                            if (Thread.currentThread().isInterrupted()) {
                              met.incrementAndGet();
                            }
                          });
                  upper.set(fork);
                  try {
                    fork.join();
                  } catch (CancellationException e) {
                    // it was cancelled
                  }
                  if (Thread.currentThread().isInterrupted()) {
                    stray.incrementAndGet();
                  }
                }
              });
      while (!lower.isDone()) {
        TaskFuture<?> fork = upper.get();
        if (fork != null) {
          fork.cancel(true);
        }
        spin(50);
      }
      lower.get();
    }
    assertThat(stray.get()).as("lower runs with an interrupt that was not theirs").isZero();
  }
}
