// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Opens executors, and checks afterwards that nothing of them is left. */
@Timeout(120)
abstract class GilTestBase {
  private static final String NAME = "gil-under-test";

  private final List<TaskExecutor> opened = new ArrayList<>();

  @AfterEach
  final void nothingIsLeft() {
    for (TaskExecutor executor : opened) {
      executor.close(Duration.ofSeconds(20));
      assertThat(executor.isTerminated()).isTrue();
    }
    await().untilAsserted(() -> assertThat(workerThreads()).isEmpty());
    await().untilAsserted(() -> assertThat(EvalBreaker.value()).isZero());
    assertThat(Thread.interrupted()).isFalse();
  }

  static Interlock.Builder builder() {
    return Interlock.builder().strategy("gil-threading").name(NAME);
  }

  static Interlock.Builder builder(String policy) {
    return builder().set("gil-threading.policy", policy);
  }

  final TaskExecutor open(Interlock.Builder builder) {
    TaskExecutor executor = builder.open();
    opened.add(executor);
    return executor;
  }

  static List<Thread> workerThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(NAME + "-worker-"))
        .toList();
  }
}
