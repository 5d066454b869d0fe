// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Deadline;
import dev.interlock.TaskFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** C1: cancel. */
interface CancelContract extends Subject {

  @Test
  default void required_C1_cancelBeforeStartNeverRuns() throws Exception {
    Gate gate = gate();
    Trace trace = trace();
    List<TaskFuture<?>> blockers = block(executor(), gate);
    List<TaskFuture<?>> victims = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      victims.add(executor().submit(() -> trace.mark("ran")));
    }
    for (TaskFuture<?> victim : victims) {
      assertThat(victim.cancel(false)).isTrue();
      assertThat(victim.cancel(true)).as("a second time").isFalse();
      assertThat(victim.isCancelled()).isTrue();
      assertThat(victim.isDone()).isTrue();
      assertThatThrownBy(victim::get).isInstanceOf(CancellationException.class);
    }
    gate.open();
    Waiting.getAll(blockers);
    assertUsable(executor());
    assertThat(trace.lines()).isEmpty();
  }

  @Test
  default void required_C1_cancelInterruptsWhatRuns() throws Exception {
    Gate never = gate();
    Trace trace = trace();
    List<TaskFuture<?>> running = new ArrayList<>();
    for (int i = 0; i < executor().workers(); i++) {
      running.add(
          executor()
              .submit(
                  () -> {
                    trace.mark("started");
                    try {
                      never.pass();
                    } catch (InterruptedException e) {
                      trace.mark("interrupted");
                    }
                    return null;
                  }));
    }
    Waiting.await().until(() -> trace.lines().size() == running.size());
    for (TaskFuture<?> future : running) {
      assertThat(future.cancel(true)).isTrue();
      assertThat(future.isCancelled()).isTrue();
    }
    Waiting.await()
        .untilAsserted(
            () ->
                assertThat(trace.lines()).filteredOn("interrupted"::equals).hasSameSizeAs(running));
    assertUsable(executor());
  }

  @Test
  default void required_C1_cancelWithoutInterruptLetsTheBodyEnd() throws Exception {
    Gate gate = gate();
    Trace trace = trace();
    TaskFuture<?> future =
        executor()
            .submit(
                () -> {
                  trace.mark("started");
                  gate.pass();
                  trace.mark("ended");
                  return 1;
                });
    Waiting.await().until(() -> trace.lines().size() == 1);
    assertThat(future.cancel(false)).isTrue();
    assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
    gate.open();
    Waiting.await().until(() -> trace.lines().equals(List.of("started", "ended")));
    assertUsable(executor());
  }

  @Test
  default void required_C1_cancelOfADoneTaskChangesNothing() throws Exception {
    TaskFuture<Integer> future = executor().submit(() -> 1);
    Waiting.get(future);
    assertThat(future.cancel(true)).isFalse();
    assertThat(future.isCancelled()).isFalse();
    assertThat(Waiting.get(future)).isEqualTo(1);
  }

  @Test
  default void required_C1_tenThousandRandomCancelsHitNoOtherTask() throws Exception {
    int tasks = randomCancels();
    int ahead = 4 * executor().workers(); // few, so that cancels meet tasks that run
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<TaskFuture<Integer>> futures = new ArrayList<>(tasks);
    for (int i = 0; i < tasks; i++) {
      int number = i;
      if (i >= ahead) {
        waitUntilDone(futures.get(i - ahead));
      }
      futures.add(executor().submit(() -> Tasks.nap(number)));
      if (random.nextBoolean()) {
        futures.get(Math.max(0, i - random.nextInt(ahead))).cancel(random.nextInt(4) > 0);
      }
    }
    int cancelled = 0;
    for (int i = 0; i < tasks; i++) {
      try {
        assertThat(Waiting.get(futures.get(i))).isEqualTo(i);
      } catch (CancellationException e) {
        cancelled++;
      } catch (Exception e) {
        throw new AssertionError("task " + i + " was not cancelled, but failed; seed " + seed, e);
      }
    }
    assertThat(cancelled).as("cancelled, with seed %d", seed).isBetween(100, tasks - 100);
    assertUsable(executor());
  }

  private static void waitUntilDone(TaskFuture<?> future) {
    Deadline deadline = Deadline.after(Waiting.limit());
    while (!future.isDone()) {
      assertThat(deadline.hasPassed()).as("still pending: %s", future).isFalse();
      Thread.onSpinWait();
    }
  }
}
