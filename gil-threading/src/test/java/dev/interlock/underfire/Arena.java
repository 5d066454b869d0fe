// SPDX-License-Identifier: Apache-2.0
package dev.interlock.underfire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.gil.Gil;
import dev.interlock.gil.agent.AgentState;
import dev.interlock.gil.agent.GilAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An executor under one lock that changes hands as often as it can, and a counter that nothing but
 * the lock protects. {@code updates++} has no check inside, so it is exact as long as exactly one
 * thread runs task code at any instant.
 */
final class Arena implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final TaskExecutor executor;
  final Gil gil;

  /** Guarded by the interpreter lock alone. */
  private long updates;

  private long expected;

  Arena(int workers, Duration switchInterval) {
    executor = Interlock.builder().strategy("gil-threading").workers(workers).open();
    gil = Gil.of(executor);
    gil.setSwitchInterval(switchInterval);
    assertThat(GilAgent.coverage().state()).isEqualTo(AgentState.ACTIVE);
  }

  /** An update by a task. */
  void update() {
    updates++;
  }

  /** What a task does. */
  interface Body {
    void run() throws Exception;
  }

  /** Runs {@code body} in so many tasks at a time, and checks that each update counted. */
  void run(int tasks, int updatesEach, Body body) throws Exception {
    List<TaskFuture<?>> futures = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      futures.add(
          executor.submit(
              () -> {
                body.run();
                return null;
              }));
    }
    expected += (long) tasks * updatesEach;
    awaitAll(futures);
    assertThat(updates).isEqualTo(expected);
  }

  void awaitAll(List<? extends TaskFuture<?>> futures) throws Exception {
    long endNs = System.nanoTime() + PATIENCE.toNanos();
    for (TaskFuture<?> future : futures) {
      try {
        future.get(endNs - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        fail("A task hangs. The threads:%n%s", stacks());
      }
    }
  }

  private static String stacks() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
      text.append(entry.getKey()).append(' ').append(entry.getKey().getState()).append('\n');
      for (StackTraceElement frame : entry.getValue()) {
        text.append("    ").append(frame).append('\n');
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    executor.close(Duration.ofSeconds(10));
    assertThat(executor.isTerminated()).isTrue();
  }
}
