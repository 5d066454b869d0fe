// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskOutput;
import dev.interlock.contract.ExecutorContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProcessContractTest extends ExecutorContract {
  ProcessContractTest() {
    super("process-pool");
  }

  @Override
  protected Set<String> expectedSkips() {
    return Set.of("I1", "S6");
  }

  /** Workers are started on demand; no test must seem to leave one behind. */
  @BeforeAll
  void startAllWorkers() {
    List<TaskFuture<?>> demand = new ArrayList<>();
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              for (int i = 0; i < workers(); i++) {
                demand.add(
                    executor()
                        .submit(
                            () -> {
                              Thread.sleep(50);
                              return null;
                            }));
              }
              return executor().stats().workers() == workers();
            });
    demand.forEach(TaskFuture::join);
  }

  @Test
  public void required_W4_childrenAreSizedAndTheirOutputNamesTheTask() throws Exception {
    ConcurrentLinkedQueue<TaskOutput> lines = new ConcurrentLinkedQueue<>();
    int workers = 2 * Runtime.getRuntime().availableProcessors();
    try (TaskExecutor executor =
        builder()
            .workers(workers)
            .set("process-pool.heap", "64MiB")
            .taskOutput(lines::add)
            .open()) {
      List<Long> seen =
          executor
              .submit(
                  () -> {
                    System.out.println("printed");
                    Runtime runtime = Runtime.getRuntime();
                    return List.of((long) runtime.availableProcessors(), runtime.maxMemory());
                  })
              .get();
      assertThat(seen.get(0)).isEqualTo(1);
      assertThat(seen.get(1)).isBetween(60L << 20, 64L << 20);
    }
    assertThat(lines)
        .singleElement()
        .satisfies(line -> assertThat(line.line()).isEqualTo("printed"))
        .satisfies(line -> assertThat(line.taskId()).isEqualTo(1));
  }
}
