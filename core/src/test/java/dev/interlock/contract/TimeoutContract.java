// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Capability;
import dev.interlock.ConfigurationException;
import dev.interlock.TaskContext;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskOptions;
import dev.interlock.TaskTimeoutException;
import dev.interlock.TaskTimeoutException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** C2: the time-outs of a task. */
interface TimeoutContract extends Subject {
  Duration SHORT = Duration.ofMillis(150);
  Duration LONG = Duration.ofMinutes(10);

  private static TaskTimeoutException timeoutOf(TaskFuture<?> future) {
    Throwable failure = Waiting.failureOf(future);
    assertThat(failure).isInstanceOf(TaskTimeoutException.class);
    assertThat(future.isCancelled()).isFalse();
    return (TaskTimeoutException) failure;
  }

  @Test
  default void required_C2_softTimeoutFailsTheFutureAndInterruptsTheTask() throws Exception {
    Gate never = gate();
    Trace trace = trace();
    TaskFuture<?> late =
        executor()
            .submit(
                () -> {
                  trace.mark("started");
                  try {
                    never.pass();
                  } catch (InterruptedException e) {
                    trace.mark("interrupted " + TaskContext.current().isCancelled());
                  }
                  return null;
                },
                TaskOptions.defaults().withSoftTimeout(SHORT));
    TaskTimeoutException timeout = timeoutOf(late);
    assertThat(timeout.kind()).isEqualTo(Kind.SOFT);
    assertThat(timeout.limit()).isEqualTo(SHORT);
    assertThat(timeout.what()).contains("task " + late.taskId());
    assertThat(timeout).hasMessageContaining("150 ms");
    Waiting.await().until(() -> trace.lines().equals(List.of("started", "interrupted true")));
    assertUsable(executor());
  }

  @Test
  default void required_C2_softTimeoutCountsFromTheBeginning() throws Exception {
    Gate gate = gate();
    List<TaskFuture<?>> blockers = block(executor(), gate);
    TaskFuture<Integer> waits =
        executor().submit(() -> 1, TaskOptions.defaults().withSoftTimeout(SHORT));
    Gate never = gate();
    TaskFuture<?> measure =
        executor()
            .submit(
                () -> {
                  never.pass();
                  return null;
                },
                TaskOptions.defaults().withTotalTimeout(SHORT.multipliedBy(2)));
    assertThat(timeoutOf(measure).kind()).isEqualTo(Kind.TOTAL);
    assertThat(waits.isDone()).as("in the queue for longer than its soft time-out").isFalse();
    gate.open();
    Waiting.getAll(blockers);
    assertThat(Waiting.get(waits)).isEqualTo(1);
  }

  @Test
  default void required_C2_totalTimeoutFailsWhatStillWaitsAndItNeverRuns() throws Exception {
    Gate gate = gate();
    Trace trace = trace();
    List<TaskFuture<?>> blockers = block(executor(), gate);
    TaskFuture<?> late =
        executor().submit(() -> trace.mark("ran"), TaskOptions.defaults().withTotalTimeout(SHORT));
    TaskTimeoutException timeout = timeoutOf(late);
    assertThat(timeout.kind()).isEqualTo(Kind.TOTAL);
    assertThat(timeout.limit()).isEqualTo(SHORT);
    gate.open();
    Waiting.getAll(blockers);
    assertUsable(executor());
    assertThat(trace.lines()).isEmpty();
  }

  @Test
  default void required_C2_totalTimeoutEndsWhatRuns() throws Exception {
    try (TaskExecutor executor = open()) {
      Gate never = gate();
      TaskFuture<?> late =
          executor.submit(
              () -> {
                never.pass();
                return null;
              },
              TaskOptions.defaults().withTotalTimeout(SHORT));
      assertThat(timeoutOf(late).kind()).isEqualTo(Kind.TOTAL);
      assertUsable(executor);
    }
  }

  @Test
  default void required_C2_progressPutsTheProgressTimeoutOff() throws Exception {
    try (TaskExecutor executor = open()) {
      Duration limit = Duration.ofSeconds(2);
      Gate never = gate();
      TaskFuture<Integer> busy =
          executor.submit(
              () -> {
                int beats = 0;
                for (long endNs = System.nanoTime() + 3_000_000_000L;
                    System.nanoTime() < endNs;
                    beats++) {
                  TaskContext.current().progress();
                  Thread.sleep(20);
                }
                return beats;
              },
              TaskOptions.defaults().withProgressTimeout(limit));
      assertThat(Waiting.get(busy)).isPositive();
      TaskFuture<?> silent =
          executor.submit(
              () -> {
                TaskContext.current().progress("page 17");
                never.pass();
                return null;
              },
              TaskOptions.defaults().withProgressTimeout(limit));
      TaskTimeoutException timeout = timeoutOf(silent);
      assertThat(timeout.kind()).isEqualTo(Kind.PROGRESS);
      assertThat(timeout.lastProgress()).isEqualTo("page 17");
      assertThat(timeout).hasMessageContaining("page 17");
      assertUsable(executor);
    }
  }

  @Test
  default void required_C2_timeoutOfADoneTaskChangesNothing() throws Exception {
    Duration ample = ampleForOneTask();
    try (TaskExecutor executor = open()) {
      TaskOptions options =
          TaskOptions.defaults().withSoftTimeout(ample).withTotalTimeout(ample.multipliedBy(2));
      Gate never = gate();
      List<TaskFuture<Integer>> done = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int number = i;
        TaskFuture<Integer> future =
            executor.submit(() -> number, TaskOptions.defaults().withSoftTimeout(LONG));
        assertThat(Waiting.get(future)).isEqualTo(number);
        done.add(executor.submit(() -> number, options));
      }
      assertThat(Waiting.getAll(done)).hasSize(20);
      TaskFuture<?> next =
          executor.submit(
              () -> {
                never.pass();
                return null;
              },
              TaskOptions.defaults().withSoftTimeout(ample.multipliedBy(4)));
      assertThat(timeoutOf(next).limit())
          .as("not by the time-outs of those before it")
          .isEqualTo(ample.multipliedBy(4));
      assertUsable(executor);
    }
  }

  @Test
  default void required_C2_timeoutsAndCancelsHitNoOtherTask() throws Exception {
    int tasks = 400;
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      int number = i;
      if (i % 2 == 0) {
        futures.add(
            executor()
                .submit(
                    () -> {
                      Thread.sleep(number % 10 == 0 ? 20 : 1);
                      return number;
                    },
                    TaskOptions.defaults().withSoftTimeout(Duration.ofMillis(2 + i % 3))));
      } else {
        futures.add(executor().submit(() -> Tasks.nap(number)));
      }
    }
    int late = 0;
    for (int i = 0; i < tasks; i++) {
      TaskFuture<Integer> future = futures.get(i);
      try {
        assertThat(Waiting.get(future)).isEqualTo(i);
      } catch (ExecutionException e) {
        assertThat(e.getCause()).as("of task %d", i).isInstanceOf(TaskTimeoutException.class);
        assertThat(i % 2).as("only tasks with a limit are late").isZero();
        late++;
      }
    }
    assertThat(late).as("late tasks").isGreaterThanOrEqualTo(tasks / 20);
    assertUsable(executor());
  }

  @Test
  default void required_C2_hardTimeoutStopsWhatIgnoresInterrupts() throws Exception {
    needs(Capability.KILL);
    try (TaskExecutor executor = open()) {
      TaskFuture<Integer> endless =
          executor.submit(() -> Tasks.loopForEver(), TaskOptions.defaults().withHardTimeout(SHORT));
      TaskTimeoutException timeout = timeoutOf(endless);
      assertThat(timeout.kind()).isEqualTo(Kind.HARD);
      assertUsable(executor);
    }
  }

  @Test
  default void required_C2_cancelStopsWhatIgnoresInterrupts() throws Exception {
    needs(Capability.KILL);
    Trace trace = trace();
    TaskExecutor executor = open(builder().set(strategy() + ".kill-after", "50ms"));
    try (executor) {
      TaskFuture<Integer> endless =
          executor.submit(
              () -> {
                trace.mark("started");
                return Tasks.loopForEver();
              });
      Waiting.await().until(() -> trace.lines().size() == 1);
      assertThat(endless.cancel(true)).isTrue();
      assertThatThrownBy(endless::get).isInstanceOf(CancellationException.class);
      assertUsable(executor);
    }
  }

  @Test
  default void required_C2_hardTimeoutIsRefusedUpFrontWhereItCannotBe() throws Exception {
    if (has(Capability.KILL)) {
      try (TaskExecutor executor = open()) {
        TaskOptions options = TaskOptions.defaults().withHardTimeout(LONG);
        assertThat(Waiting.get(executor.submit(() -> 1, options))).isEqualTo(1);
      }
      return;
    }
    assertThatThrownBy(
            () -> executor().submit(() -> 1, TaskOptions.defaults().withHardTimeout(SHORT)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining(strategy())
        .hasMessageContaining("process-pool");
    assertThatThrownBy(() -> open(builder().set("task.hard-timeout", "1s")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.task.hard-timeout is '1s'")
        .hasMessageContaining("process-pool");
  }

  @Test
  default void required_C2_configuredTimeoutsHoldUnlessATaskSaysOtherwise() throws Exception {
    Gate never = gate();
    try (TaskExecutor executor = open(builder().set("task.soft-timeout", "150ms"))) {
      TaskFuture<?> late =
          executor.submit(
              () -> {
                never.pass();
                return null;
              });
      assertThat(timeoutOf(late).limit()).isEqualTo(SHORT);
      assertThat(
              Waiting.get(
                  executor.submit(
                      () -> {
                        Thread.sleep(2 * SHORT.toMillis());
                        return 1;
                      },
                      TaskOptions.defaults().withSoftTimeout(TaskOptions.OFF))))
          .isEqualTo(1);
      TaskFuture<?> second =
          executor.submit(
              () -> {
                never.pass();
                return null;
              },
              TaskOptions.defaults().withSoftTimeout(SHORT.multipliedBy(2)));
      assertThat(timeoutOf(second).limit()).isEqualTo(SHORT.multipliedBy(2));
    }
  }

  @Test
  default void required_C2_contextIsThatOfTheTask() throws Exception {
    assertThat(TaskContext.find()).isEmpty();
    assertThatThrownBy(TaskContext::current)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("runs no task");
    TaskFuture<Long> future = executor().submit(() -> TaskContext.current().taskId());
    assertThat(Waiting.get(future)).isEqualTo(future.taskId());
    assertThat(Waiting.get(executor().submit(() -> TaskContext.current().attempt()))).isEqualTo(1);
    assertThat(Waiting.get(executor().submit(() -> TaskContext.current().isCancelled()))).isFalse();
  }
}
