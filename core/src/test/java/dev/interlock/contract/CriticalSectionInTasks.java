// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Blocking;
import dev.interlock.CriticalSection;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Critical sections in tasks, which wait for each other and for sections: for strategies whose
 * tasks share memory.
 */
@Timeout(60)
@ExtendWith(LeakCheck.class)
public abstract class CriticalSectionInTasks {
  private final Object a = new Object();
  private final Object b = new Object();
  private int sum;

  /** The name of the strategy. */
  protected abstract String strategy();

  private TaskExecutor open(int workers) {
    return Interlock.builder().strategy(strategy()).workers(workers).open();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void tasksThatBlockInCrossingSectionsAllEnd(int workers) throws Exception {
    int tasks = 300;
    try (TaskExecutor executor = open(workers)) {
      List<TaskFuture<?>> futures = new ArrayList<>();
      for (int i = 0; i < tasks; i++) {
        boolean crossing = i % 2 == 0;
        futures.add(
            executor.submit(
                () ->
                    CriticalSection.on(crossing ? a : b)
                        .call(
                            () -> {
                              Blocking.call(() -> sleepAMoment());
                              CriticalSection.on(a, b).run(() -> sum++);
                              return sum;
                            })));
      }
      for (TaskFuture<?> future : futures) {
        future.get();
      }
    }
    assertThat(sum).isEqualTo(tasks);
  }

  private static boolean sleepAMoment() throws InterruptedException {
    Thread.sleep(0, 100_000);
    return true;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aTaskThatWaitsForAnotherOneLetsItIntoItsSection(int workers) throws Exception {
    try (TaskExecutor executor = open(workers)) {
      Callable<Integer> inner = () -> CriticalSection.on(a).call(() -> 1);
      TaskFuture<Integer> outer =
          executor.submit(() -> CriticalSection.on(a).call(() -> executor.submit(inner).get() + 1));
      assertThat(outer.get(30, TimeUnit.SECONDS)).isEqualTo(2);
    }
  }

  /** One task is in the section and computes; the others wait for it and hold nothing up. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void whoWaitsForASectionHoldsNothingUp(int workers) throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Thread holder =
        new Thread(
            () ->
                CriticalSection.on(a)
                    .run(
                        () -> {
                          inside.countDown();
                          awaitQuietly(leave); // not declared: the section is held
                        }));
    holder.start();
    inside.await();
    try (TaskExecutor executor = open(workers)) {
      List<TaskFuture<?>> waiting = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        waiting.add(executor.submit(() -> CriticalSection.on(a).run(() -> sum++)));
      }
      holderLeaves(executor, leave);
      for (TaskFuture<?> future : waiting) {
        future.get();
      }
    }
    holder.join();
    assertThat(sum).isEqualTo(workers);
  }

  private static void holderLeaves(TaskExecutor executor, CountDownLatch leave) throws Exception {
    executor.submit(() -> leave.countDown()).get(30, TimeUnit.SECONDS);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
