// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.OperatingSystemMXBean;
import dev.interlock.BrokenExecutorException;
import dev.interlock.Capability;
import dev.interlock.TaskDecorator;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskOutput;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** W: workers. */
interface WorkerContract extends Subject {

  /** What an initializer leaves in its worker. */
  final class Greeting {
    static final ThreadLocal<String> OF_WORKER = new ThreadLocal<>();

    private Greeting() {}
  }

  @Test
  default void required_W1_initializerRunsOncePerWorkerBeforeItsTasks() throws Exception {
    Trace trace = trace();
    TaskExecutor executor =
        open(
            builder()
                .workerInitializer(
                    () -> {
                      trace.mark("initialized");
                      Greeting.OF_WORKER.set("hello");
                    }));
    try (executor) {
      Gate gate = gate();
      List<TaskFuture<?>> blockers = block(executor, gate);
      List<TaskFuture<String>> greetings = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        greetings.add(executor.submit(() -> Greeting.OF_WORKER.get()));
      }
      gate.open();
      Waiting.getAll(blockers);
      assertThat(Waiting.<String>getAll(greetings)).containsOnly("hello");
    }
    assertThat((long) trace.lines().size())
        .as("runs of the initializer, one for each worker that was started")
        .isEqualTo(executor.stats().workersStarted())
        .isGreaterThanOrEqualTo(workers());
  }

  @Test
  default void required_W1_failingInitializerBreaksTheExecutor() {
    try (TaskExecutor executor =
        open(
            builder()
                .workerInitializer(
                    () -> {
                      throw new IllegalStateException("no database");
                    }))) {
      List<TaskFuture<Integer>> accepted = new ArrayList<>();
      Waiting.await()
          .until(
              () -> {
                try {
                  accepted.add(executor.submit(() -> 1));
                  return false;
                } catch (RejectedExecutionException e) {
                  return true;
                }
              });
      assertThatThrownBy(() -> executor.submit(() -> 1))
          .isInstanceOf(BrokenExecutorException.class)
          .hasStackTraceContaining("no database");
      for (TaskFuture<Integer> future : accepted) {
        assertThat(Waiting.failureOf(future))
            .isInstanceOf(BrokenExecutorException.class)
            .hasStackTraceContaining("no database");
      }
    }
  }

  /** What the submitter's thread knows and the worker's does not. */
  ThreadLocal<String> REQUEST = new ThreadLocal<>();

  /** Where a decorator puts what it brought. */
  ThreadLocal<String> BROUGHT = new ThreadLocal<>();

  @Test
  default void required_W3_decoratorsWrapEveryTaskTheFirstOutermost() throws Exception {
    Trace trace = trace();
    try (TaskExecutor executor =
        open(builder().decorator(marking(trace, "outer")).decorator(marking(trace, "inner")))) {
      assertThat(Waiting.get(executor.submit(() -> 1))).isEqualTo(1);
      assertThat(trace.lines())
          .containsExactly("outer before", "inner before", "inner after", "outer after");
      Waiting.get(executor.submit(() -> trace.mark("action")));
      assertThat(trace.lines()).hasSize(9);
      try (var results = executor.map(Tasks::twice, List.of(1, 2))) {
        assertThat(results).containsExactly(2, 4);
      }
      assertThat(trace.lines()).as("two chunks of one item").hasSize(17);
      assertThat(Waiting.failureOf(executor.submit(Tasks::boom))).isInstanceOf(Tasks.Boom.class);
      assertThat(trace.lines()).hasSize(21);
    }
  }

  private static TaskDecorator marking(Trace trace, String name) {
    return task ->
        () -> {
          trace.mark(name + " before");
          try {
            return task.call();
          } finally {
            trace.mark(name + " after");
          }
        };
  }

  @Test
  default void required_W3_contextOfTheSubmitterReachesTheWorker() throws Exception {
    TaskDecorator bringing =
        task -> {
          String request = REQUEST.get();
          return () -> {
            BROUGHT.set(request);
            try {
              return task.call();
            } finally {
              BROUGHT.remove();
            }
          };
        };
    try (TaskExecutor executor = open(builder().decorator(bringing))) {
      List<TaskFuture<String>> futures = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        REQUEST.set("request " + i);
        futures.add(executor.submit(() -> REQUEST.get() + ", " + BROUGHT.get()));
      }
      for (int i = 0; i < futures.size(); i++) {
        assertThat(Waiting.get(futures.get(i))).isEqualTo("null, request " + i);
      }
    } finally {
      REQUEST.remove();
    }
  }

  @Test
  default void required_W3_decoratorThatThrowsFailsTheSubmit() throws Exception {
    TaskDecorator broken =
        task -> {
          throw new IllegalStateException("no context");
        };
    try (TaskExecutor executor = open(builder().decorator(broken))) {
      IllegalStateException thrown =
          catchThrowableOfType(IllegalStateException.class, () -> executor.submit(() -> 1));
      assertThat(thrown).hasMessage("no context");
    }
  }

  @Test
  default void required_W4_childrenAreSizedAndTheirOutputNamesTheTask() throws Exception {
    assumeTrue(has(Capability.CRASH_CONTAINMENT), "lacks children: tasks run in this process");
    ConcurrentLinkedQueue<TaskOutput> lines = new ConcurrentLinkedQueue<>();
    int workers = 2 * Runtime.getRuntime().availableProcessors();
    try (TaskExecutor executor = open(builder().workers(workers).taskOutput(lines::add))) {
      List<Long> seen =
          Waiting.get(
              executor.submit(
                  () -> {
                    System.out.println("printed");
                    Runtime runtime = Runtime.getRuntime();
                    return List.of((long) runtime.availableProcessors(), runtime.maxMemory());
                  }));
      assertThat(seen.get(0)).as("processors, by fair shares").isEqualTo(1);
      assertThat(seen.get(1))
          .as("the heaps together take half of the memory")
          .isLessThanOrEqualTo(memoryBytes() / 2 / workers + (64 << 20));
    }
    assertThat(lines)
        .singleElement()
        .satisfies(line -> assertThat(line.line()).isEqualTo("printed"))
        .satisfies(line -> assertThat(line.taskId()).isEqualTo(1));
  }

  private static long memoryBytes() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  @Test
  default void required_W5_workersDefaultToTheProcessors() {
    assumeTrue(provider().defaultWorkers(8) > 1, "always has one worker");
    for (int processors : new int[] {1, 2, 16, 64}) {
      assertThat(provider().defaultWorkers(processors))
          .as("workers on %d processors", processors)
          .isIn(processors, Math.min(32, processors + 4));
    }
  }

  @Test
  default void required_W5_configuredWorkersCount() {
    assertThat(executor().workers()).isEqualTo(workers());
  }
}
