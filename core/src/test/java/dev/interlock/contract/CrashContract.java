// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Capability;
import dev.interlock.TaskContext;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskOptions;
import dev.interlock.WorkerCrashedException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** F4, F5, W2: workers that die, and workers that are replaced. */
interface CrashContract extends Subject {

  private static WorkerCrashedException crashOf(TaskFuture<?> future) {
    Throwable failure = Waiting.failureOf(future);
    assertThat(failure).isInstanceOf(WorkerCrashedException.class);
    return (WorkerCrashedException) failure;
  }

  @Test
  default void required_F4_stackOverflowFailsItsTask() throws Exception {
    long lost = executor().stats().workersLost();
    assertThat(Waiting.failureOf(executor().submit(() -> Tasks.depth(0))))
        .isInstanceOf(StackOverflowError.class);
    assertUsable(executor());
    assertThat(executor().stats().workersLost()).isEqualTo(lost);
  }

  @Test
  default void required_F4_dyingWorkerFailsOnlyItsTask() throws Exception {
    needs(Capability.CRASH_CONTAINMENT);
    try (TaskExecutor executor = open()) {
      List<TaskFuture<Integer>> good = new ArrayList<>();
      List<TaskFuture<?>> bad = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int number = i;
        if (i == 5) {
          bad.add(executor.submit(() -> Runtime.getRuntime().halt(3)));
        }
        if (i == 13) {
          bad.add(executor.submit(() -> System.exit(4)));
        }
        good.add(executor.submit(() -> number));
      }
      assertThat(crashOf(bad.get(0)).deathCause()).isEqualTo("exit code 3");
      assertThat(crashOf(bad.get(1)).deathCause()).isEqualTo("exit code 4");
      assertThat(crashOf(bad.get(1)).attempts()).isEqualTo(1);
      assertThat(Waiting.getAll(good)).isEqualTo(IntStream.range(0, 20).boxed().toList());
      assertThat(executor.stats().workersLost()).isEqualTo(2);
      assertUsable(executor);
    }
  }

  @Test
  default void required_F5_taskThatKeepsCrashingIsNamed() throws Exception {
    needs(Capability.CRASH_CONTAINMENT);
    Trace trace = trace();
    try (TaskExecutor executor = open()) {
      TaskFuture<?> poison =
          executor.submit(
              () -> {
                trace.mark("attempt " + TaskContext.current().attempt());
                Runtime.getRuntime().halt(6);
              },
              TaskOptions.defaults().withMaxAttempts(3));
      List<TaskFuture<Integer>> others = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int number = i;
        others.add(executor.submit(() -> number));
      }
      WorkerCrashedException crash = crashOf(poison);
      assertThat(crash.attempts()).isEqualTo(3);
      assertThat(crash.task()).contains("task " + poison.taskId());
      assertThat(crash).hasMessageContaining("3 workers").hasMessageContaining("not tried again");
      assertThat(crash.getSuppressed()).as("the crashes before").hasSize(2);
      assertThat(trace.lines()).containsExactly("attempt 1", "attempt 2", "attempt 3");
      assertThat(Waiting.getAll(others)).isEqualTo(IntStream.range(0, 20).boxed().toList());
      assertUsable(executor);
    }
  }

  @Test
  default void required_F5_taskThatCrashedOnceMaySucceed() throws Exception {
    needs(Capability.CRASH_CONTAINMENT);
    Trace trace = trace();
    try (TaskExecutor executor = open(builder().set("task.max-attempts", 2))) {
      TaskFuture<Integer> recovers =
          executor.submit(
              () -> {
                trace.mark("ran");
                if (TaskContext.current().attempt() == 1) {
                  Runtime.getRuntime().halt(6);
                }
                return TaskContext.current().attempt();
              });
      assertThat(Waiting.get(recovers)).isEqualTo(2);
      assertThat(trace.lines()).hasSize(2);
      assertThat(Waiting.failureOf(executor.submit(Tasks::boom)))
          .as("what throws is not tried again")
          .isInstanceOf(Tasks.Boom.class);
    }
  }

  @Test
  default void required_W2_workersAreReplacedAfterSoManyTasks() throws Exception {
    needs(Capability.RECYCLING);
    Trace trace = trace();
    TaskExecutor executor =
        open(
            builder()
                .set(strategy() + ".recycle.after-tasks", 5)
                .workerInitializer(() -> trace.mark("initialized")));
    try (executor) {
      List<TaskFuture<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int number = i;
        futures.add(executor.submit(() -> number));
      }
      assertThat(Waiting.getAll(futures)).isEqualTo(IntStream.range(0, 40).boxed().toList());
    }
    assertThat(executor.stats().workersStarted()).isGreaterThanOrEqualTo(8);
    assertThat(executor.stats().workersLost()).isZero();
    assertThat(executor.stats().workers()).isZero();
    assertThat((long) trace.lines().size()).isEqualTo(executor.stats().workersStarted());
  }

  @Test
  default void required_W2_idleWorkersAreReleasedAndComeBack() throws Exception {
    needs(Capability.RECYCLING);
    try (TaskExecutor executor = open(builder().set(strategy() + ".recycle.idle-after", "100ms"))) {
      assertUsable(executor);
      Waiting.await().until(() -> executor.stats().workers() == 0);
      assertThat(executor.stats().workersLost()).isZero();
      assertUsable(executor);
    }
  }
}
