// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two threads share a counter; each of 100 tasks reads it, comes to a checkpoint, and writes it.
 * The answer is right unless the lock changes hands between the read and the write.
 */
@Timeout(120)
class IncrementExperimentTest {
  private static final int TASKS = 100;

  /** Per task; with one alone, the second thread often wakes up when the first has done all. */
  private static final int MANY = 50;

  private record Attempt(int answer, long forcedDrops) {}

  private TaskExecutor executor;
  private Gil gil;

  // Guarded by the interpreter lock alone.
  private int num;

  @BeforeEach
  void open() {
    executor = Interlock.builder().strategy("gil-threading").workers(2).open();
    gil = Gil.of(executor);
  }

  @AfterEach
  void close() {
    executor.close();
  }

  @Test
  void everyAnswerIsRightAtFiveMilliseconds() throws Exception {
    assertThat(gil.switchInterval()).isEqualTo(Duration.ofMillis(5));
    // A machine that stops a running thread for five milliseconds forces a drop: not an attempt.
    int undisturbed = 0;
    while (undisturbed < 100) {
      Attempt attempt = attempt(1);
      if (attempt.forcedDrops == 0) {
        assertThat(attempt.answer).isEqualTo(TASKS);
        undisturbed++;
      }
    }
  }

  @Test
  void updatesAreLostAtOneNanosecond() throws Exception {
    gil.setSwitchInterval(Duration.ofNanos(1));
    updatesAreLostByForcedDrops();
  }

  @Test
  void updatesAreLostAtZero() throws Exception {
    gil.setSwitchInterval(Duration.ZERO);
    updatesAreLostByForcedDrops();
  }

  /** Until the first wrong answer; the time-out of the class ends a vain search. */
  private void updatesAreLostByForcedDrops() throws Exception {
    Attempt attempt;
    do {
      attempt = attempt(MANY);
      assertThat(attempt.answer).isBetween(1, TASKS * MANY);
    } while (attempt.answer == TASKS * MANY);
    assertThat(attempt.forcedDrops).isPositive();
  }

  private Attempt attempt(int increments) throws Exception {
    long dropsBefore = gil.statistics().forcedDrops();
    num = 0;
    List<TaskFuture<?>> futures = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      futures.add(executor.submit(() -> increment(increments)));
    }
    for (TaskFuture<?> future : futures) {
      future.get();
    }
    return new Attempt(num, gil.statistics().forcedDrops() - dropsBefore);
  }

  private void increment(int times) {
    for (int i = 0; i < times; i++) {
      int read = num;
      Gil.checkpoint();
      num = read + 1;
    }
  }
}
