// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.ConfigurationException;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.contract.Trace;
import dev.interlock.contract.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A SparkContext that is the user's, who may stop it. */
interface AdoptionFaults extends FaultKit {

  @Test
  @Order(20)
  default void anExistingContextIsUsedAndLeftRunning() throws Exception {
    JavaSparkContext context = existing();
    for (int round = 0; round < 2; round++) {
      try (TaskExecutor executor = builder().open();
          TaskExecutor beside = builder().name("beside").open()) {
        assertThat(Waiting.getAll(submitTasks(executor, 10))).hasSize(10);
        assertThat(Waiting.get(beside.submit(() -> ProcessHandle.current().pid())))
            .as("in an executor")
            .isIn(cluster().executorProcesses().stream().map(ProcessHandle::pid).toList());
      }
      assertThat(context.sc().isStopped()).isFalse();
      assertThat(context.parallelize(NUMBERS, 2).count()).isEqualTo(TASKS);
    }
  }

  @Test
  @Order(21)
  default void anotherMasterThanTheExistingContextsIsRefused() {
    String master = existing().master();
    assertThatThrownBy(() -> builder().set("spark.master", "local[3]").open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'local[3]'")
        .hasMessageContaining("whose master is " + master);
  }

  @Test
  @Order(22)
  default void aContextThatIsStoppedFailsWhatRunsAndWhatWaits() throws Exception {
    JavaSparkContext context = existing();
    Trace started = trace();
    TaskExecutor executor = builder().open();
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int number = 0; number < 200; number++) {
      futures.add(
          executor.submit(
              () -> {
                started.mark("started");
                Thread.sleep(600_000);
                return 0;
              }));
    }
    Waiting.await().until(() -> started.lines().size() == 2);
    context.stop();
    for (TaskFuture<Integer> future : futures) {
      assertThat(Waiting.failureOf(future))
          .isInstanceOfAny(SparkTaskException.class, RejectedExecutionException.class)
          .hasStackTraceContaining("SparkContext was ");
    }
    assertThatThrownBy(() -> executor.submit(() -> 1))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("Spark has ended");
    executor.close();
    assertThat(executor.isTerminated()).isTrue();
  }
}
