// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.ConfigurationException;
import dev.interlock.NotShareableException;
import dev.interlock.TaskContext;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.WorkerCrashedException;
import dev.interlock.contract.Trace;
import dev.interlock.contract.Waiting;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What fails while tasks run. */
interface RunFaults extends FaultKit {

  /** Prints its last words and ends its executor. */
  static int burst() {
    System.err.println("the boiler bursts");
    Runtime.getRuntime().halt(7);
    return 0;
  }

  @Test
  @Order(30)
  default void executorsOfInterlockShareOneContext() throws Exception {
    TaskExecutor executor = shared();
    assertThat(Waiting.get(executor.submit(() -> 1))).isEqualTo(1);
    var context = SparkOptions.active();
    try (TaskExecutor second = sharing().open()) {
      assertThat(Waiting.get(second.submit(() -> 2))).isEqualTo(2);
      assertThat(SparkOptions.active()).isSameAs(context);
    }
    assertThatThrownBy(() -> builder().set("spark.conf.spark.executor.memory", "600m").open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("with other settings")
        .hasMessageContaining("spark.executor.memory=512m");
    assertThat(Waiting.get(executor.submit(() -> 3))).isEqualTo(3);
  }

  @Test
  @Order(31)
  default void whatIsTooLargeForOneMessageIsRefusedAtSubmit() throws Exception {
    byte[] fits = new byte[1_500_000];
    byte[] tooLarge = new byte[2_000_000];
    assertThat(Waiting.get(shared().submit(() -> fits.length))).isEqualTo(fits.length);
    assertThatThrownBy(() -> shared().submit(() -> tooLarge.length))
        .isInstanceOf(NotShareableException.class)
        .hasMessageContaining("spark.rpc.message.maxSize");
    try (TaskExecutor tens = sharing().set("spark.tasks-per-partition", 10).open()) {
      List<TaskFuture<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        futures.add(tens.submit(() -> fits.length));
      }
      assertThat(Waiting.getAll(futures)).containsOnly(fits.length);
    }
  }

  @Test
  @Order(32)
  default void aTaskThatThrowsFailsAlone() throws Exception {
    try (TaskExecutor tens = sharing().set("spark.tasks-per-partition", 10).open()) {
      for (TaskExecutor executor : List.of(shared(), tens)) {
        List<TaskFuture<Integer>> futures = submitTasks(executor, 20);
        TaskFuture<Integer> bad =
            executor.submit(
                () -> {
                  throw new IllegalStateException("valve");
                });
        assertThat(Waiting.failureOf(bad))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("valve");
        assertThat(Waiting.getAll(futures)).isEqualTo(NUMBERS.subList(0, 20));
      }
    }
  }

  @Test
  @Order(33)
  default void aCancelledTaskIsInterruptedAndItsSlotIsFree() throws Exception {
    Trace trace = trace();
    long lost = shared().stats().workersLost();
    TaskFuture<Integer> running =
        shared()
            .submit(
                () -> {
                  trace.mark("started");
                  try {
                    Thread.sleep(600_000);
                  } catch (InterruptedException e) {
                    trace.mark("interrupted");
                  }
                  return 0;
                });
    Waiting.await().until(() -> trace.lines().size() == 1);
    assertThat(running.cancel(true)).isTrue();
    Waiting.await().until(() -> trace.lines().size() == 2);
    assertThat(trace.lines()).containsExactly("started", "interrupted");
    assertThat(running.isCancelled()).isTrue();
    assertThat(Waiting.getAll(submitTasks(shared(), 10))).hasSize(10);
    assertThat(shared().stats().workersLost()).as("ended for it").isEqualTo(lost);
  }

  @Test
  @Order(34)
  default void aTaskThatHaltsItsExecutorFailsAlone() throws Exception {
    assertOneCrashes(shared());
  }

  @Test
  @Order(35)
  default void aTaskThatHaltsItsExecutorIsFoundAmongThoseItTravelsWith() throws Exception {
    try (TaskExecutor tens = sharing().set("spark.tasks-per-partition", 10).open()) {
      assertOneCrashes(tens);
    }
  }

  private void assertOneCrashes(TaskExecutor executor) throws Exception {
    List<TaskFuture<Integer>> good = new ArrayList<>();
    TaskFuture<Integer> bad = null;
    for (int number = 0; number < 40; number++) {
      int result = number;
      if (number == 17) {
        bad = executor.submit(RunFaults::burst);
      } else {
        good.add(
            executor.submit(
                () -> {
                  Thread.sleep(20); // so that some run beside it, in the same executor
                  return result;
                }));
      }
    }
    assertThat(Waiting.failureOf(bad)).isInstanceOf(WorkerCrashedException.class);
    WorkerCrashedException crash = (WorkerCrashedException) Waiting.failureOf(bad);
    assertThat(crash.worker()).matches("executor \\d+ on 127\\.0\\.0\\.[12]");
    assertThat(crash.deathCause()).isEqualTo("exit code 7");
    assertThat(crash.task()).contains("task " + bad.taskId());
    assertThat(crash.stderrTail()).contains("the boiler bursts");
    assertThat(Waiting.getAll(good)).hasSize(39).doesNotHaveDuplicates();
  }

  @Test
  @Order(36)
  default void aTaskWhoseExecutorIsKilledRunsAgain() throws Exception {
    Trace trace = trace();
    TaskFuture<Integer> task =
        shared()
            .submit(
                () -> {
                  int attempt = TaskContext.current().attempt();
                  trace.mark("" + ProcessHandle.current().pid());
                  if (attempt == 1) {
                    Thread.sleep(600_000);
                  }
                  return attempt;
                });
    Waiting.await().until(() -> trace.lines().size() == 1);
    StandaloneCluster.kill(FaultKit.process(trace));
    assertThat(Waiting.get(task)).isEqualTo(2);
    assertThat(trace.lines()).hasSize(2);
  }

  @Test
  @Order(37)
  default void aKilledExecutorLosesNoResult() throws Exception {
    Waiting.await().until(() -> cluster().executorProcesses().size() == 2);
    List<TaskFuture<Integer>> futures = submitTasks(shared());
    awaitDone(futures, 10);
    StandaloneCluster.kill(cluster().executorProcesses().get(0));
    assertThat(Waiting.getAll(futures)).isEqualTo(NUMBERS);
  }

  @Test
  @Order(38)
  default void aKilledWorkerLosesNoResult() throws Exception {
    Waiting.await().until(() -> cluster().executorProcesses().size() == 2);
    ClusterNode worker = cluster().workers().get(1);
    List<ProcessHandle> executors = worker.executors();
    assertThat(executors).hasSize(1);
    List<TaskFuture<Integer>> futures = submitTasks(shared());
    awaitDone(futures, 10);
    worker.kill();
    executors.forEach(StandaloneCluster::kill);
    assertThat(Waiting.getAll(futures)).isEqualTo(NUMBERS);
    cluster().awaitWorkers(1);
    cluster().restart(worker);
  }

  /** The last one: what waits for a Master that forgot all waits long. */
  @Test
  @Order(90)
  default void aKilledMasterLosesNoResult() throws Exception {
    List<TaskFuture<Integer>> futures = submitTasks(shared());
    awaitDone(futures, 10);
    cluster().master().kill();
    assertThat(Waiting.getAll(futures)).isEqualTo(NUMBERS);
    assertThat(Waiting.get(shared().submit(() -> 1))).as("without a Master").isEqualTo(1);
    cluster().restartMaster();
  }
}
