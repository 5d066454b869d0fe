// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.awaitility.Awaitility.await;

import dev.interlock.TaskFuture;
import dev.interlock.contract.ExecutorContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;

class ProcessContractTest extends ExecutorContract {
  ProcessContractTest() {
    super("process-pool");
  }

  @Override
  protected Set<String> expectedSkips() {
    return Set.of("I1", "I4", "I5", "I6", "S6");
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
}
