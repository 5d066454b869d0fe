// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.interlock.Capability;
import dev.interlock.NotShareableException;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** C3: shutdown. */
interface ShutdownContract extends Subject {

  private List<TaskFuture<?>> submitMarks(TaskExecutor executor, Trace trace, int count) {
    List<TaskFuture<?>> futures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      futures.add(executor.submit(() -> trace.mark("task " + number)));
    }
    return futures;
  }

  @Test
  default void required_C3_shutdownIsIdempotentAndRunsWhatIsQueued() throws Exception {
    Gate gate = gate();
    Trace trace = trace();
    TaskExecutor executor = open();
    block(executor, gate);
    List<TaskFuture<?>> queued = submitMarks(executor, trace, 5);
    assertThat(executor.isShutdown()).isFalse();
    executor.shutdown();
    executor.shutdown();
    assertThat(executor.isShutdown()).isTrue();
    assertThat(executor.isTerminated()).isFalse();
    assertThat(executor.awaitTermination(10, TimeUnit.MILLISECONDS)).isFalse();
    assertThatThrownBy(() -> executor.submit(() -> 1))
        .isInstanceOf(RejectedExecutionException.class);
    gate.open();
    Waiting.getAll(queued);
    assertThat(trace.lines()).hasSize(5);
    assertThat(executor.awaitTermination(Waiting.limit().toMillis(), TimeUnit.MILLISECONDS))
        .isTrue();
    assertThat(executor.isTerminated()).isTrue();
    executor.close();
  }

  @Test
  default void required_C3_shutdownNowReturnsWhatNeverStarted() throws Exception {
    Gate never = gate();
    Trace trace = trace();
    TaskExecutor executor = open();
    List<TaskFuture<?>> running = block(executor, never);
    List<TaskFuture<?>> queued = submitMarks(executor, trace, 5);
    List<Runnable> neverStarted = executor.shutdownNow();
    assertThat(neverStarted).hasSize(5);
    assertThat(executor.shutdownNow()).isEmpty();
    assertThat(executor.awaitTermination(Waiting.limit().toMillis(), TimeUnit.MILLISECONDS))
        .isTrue();
    assertThat(queued).allMatch(TaskFuture::isDone).allMatch(TaskFuture::isCancelled);
    assertThat(running).allMatch(TaskFuture::isDone);
    for (TaskFuture<?> interrupted : running) {
      assertThat(Waiting.failureOf(interrupted)).isInstanceOf(InterruptedException.class);
    }
    neverStarted.forEach(Runnable::run);
    assertThat(trace.lines()).as("traces of tasks that never started").isEmpty();
    executor.close();
  }

  @Test
  default void required_C3_closeWaitsAndIsIdempotent() throws Exception {
    Trace trace = trace();
    TaskExecutor executor = open();
    List<TaskFuture<?>> futures = submitMarks(executor, trace, 20);
    executor.close();
    assertThat(futures).allMatch(TaskFuture::isDone).noneMatch(TaskFuture::isCancelled);
    assertThat(trace.lines()).hasSize(20);
    assertThat(executor.isTerminated()).isTrue();
    assertThat(executor.stats().workers()).as("workers after close").isZero();
    executor.close();
    executor.close(Duration.ZERO);
    assertThat(executor.shutdownNow()).isEmpty();
    open().close();
  }

  @Test
  default void required_C3_closeWithALimitEscalates() throws Exception {
    Gate never = gate();
    Trace trace = trace();
    TaskExecutor executor = open();
    List<TaskFuture<?>> running = block(executor, never);
    List<TaskFuture<?>> queued = submitMarks(executor, trace, 3);
    executor.close(Duration.ofMillis(50));
    assertThat(executor.isTerminated()).isTrue();
    assertThat(running).allMatch(TaskFuture::isCompletedExceptionally);
    assertThat(queued).allMatch(TaskFuture::isCancelled);
    assertThat(trace.lines()).isEmpty();
    assertThat(never.isOpen()).isFalse();
  }

  @Test
  default void required_C3_interruptedCloseInterruptsTheTasksAndIsKept() {
    Gate never = gate();
    TaskExecutor executor = open();
    List<TaskFuture<?>> running = block(executor, never);
    Thread.currentThread().interrupt();
    executor.close();
    assertThat(Thread.interrupted()).as("the interrupt after close").isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(running).allMatch(TaskFuture::isCompletedExceptionally);
  }

  @Test
  default void required_C3_closeByAnOwnTaskIsRefused() throws Exception {
    TaskExecutor executor = executor();
    Throwable thrown =
        catchThrowable(
            () ->
                Waiting.get(
                    executor.submit(
                        () -> {
                          executor.close();
                          return null;
                        })));
    if (has(Capability.COPIED_TASKS)) {
      assertThat(thrown).isInstanceOf(NotShareableException.class);
    } else {
      assertThat(thrown)
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("close()");
    }
    assertUsable(executor);
  }
}
