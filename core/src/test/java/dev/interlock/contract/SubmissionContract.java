// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.base.Throwables;
import dev.interlock.Capability;
import dev.interlock.ConfigurationException;
import dev.interlock.MapOptions;
import dev.interlock.NotShareableException;
import dev.interlock.Task;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.spi.QueuePolicy;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** S: submission. */
interface SubmissionContract extends Subject {

  /** A task with something inside that no boundary lets through. */
  record Job(Client client) implements Task<String> {
    @Override
    public String call() {
      return "never";
    }
  }

  /** Holds the socket of a {@link Job}. */
  record Client(String host, Socket socket) {}

  @Test
  default void required_S1_submitDoesNotWaitForExecution() throws Exception {
    Gate gate = gate();
    List<TaskFuture<?>> blockers = block(executor(), gate);
    TaskFuture<String> queued = executor().submit(() -> "ran");
    assertThat(queued.isDone()).isFalse();
    gate.open();
    assertThat(Waiting.get(queued)).isEqualTo("ran");
    Waiting.getAll(blockers);
  }

  @Test
  default void required_S1_fullQueueRejectsWhereConfigured() throws Exception {
    Gate gate = gate();
    try (TaskExecutor executor = open(builder().queue(3, QueuePolicy.REJECT))) {
      block(executor, gate);
      List<TaskFuture<Integer>> accepted = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int number = i;
        accepted.add(executor.submit(() -> number));
      }
      assertThatThrownBy(() -> executor.submit(() -> 3))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("queue is full (3 tasks)")
          .hasMessageContaining("interlock.queue.capacity");
      gate.open();
      assertThat(Waiting.getAll(accepted)).containsExactly(0, 1, 2);
      assertRunsOneByOne(executor);
    }
  }

  private void assertRunsOneByOne(TaskExecutor executor) throws Exception {
    for (int i = 0; i < 5; i++) {
      int number = i;
      assertThat(Waiting.get(executor.submit(() -> number))).isEqualTo(number);
    }
  }

  @Test
  default void required_S1_fullQueueBlocksWhereConfigured() throws Exception {
    Gate gate = gate();
    AtomicReference<TaskFuture<Integer>> late = new AtomicReference<>();
    try (TaskExecutor executor = open(builder().queue(1, QueuePolicy.BLOCK))) {
      block(executor, gate);
      TaskFuture<Integer> queued = executor.submit(() -> 1);
      Thread submitter = new Thread(() -> late.set(executor.submit(() -> 2)), "submitter");
      submitter.start();
      Waiting.await().until(() -> submitter.getState() == Thread.State.WAITING);
      assertThat((Object) late.get()).as("a future while the queue is full").isNull();
      gate.open();
      submitter.join(Waiting.limit().toMillis());
      assertThat(Waiting.get(queued)).isEqualTo(1);
      assertThat(Waiting.get(late.get())).isEqualTo(2);
    }
  }

  @Test
  default void required_S1_blockedSubmitEndsByInterruptAndByShutdown() throws Exception {
    Gate gate = gate();
    try (TaskExecutor executor = open(builder().queue(1, QueuePolicy.BLOCK))) {
      block(executor, gate);
      TaskFuture<Integer> queued = executor.submit(() -> 1);
      CompletableFuture<Throwable> interrupted = new CompletableFuture<>();
      CompletableFuture<Throwable> shutDown = new CompletableFuture<>();
      Thread first = submitter(executor, interrupted);
      first.interrupt();
      assertThat(Waiting.get(interrupted))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("interrupted");
      Thread second = submitter(executor, shutDown);
      executor.shutdown();
      assertThat(Waiting.get(shutDown))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("shut down");
      gate.open();
      assertThat(Waiting.get(queued)).isEqualTo(1);
      first.join();
      second.join();
    }
  }

  /** A thread that waits in {@code submit} and completes the future with what it throws. */
  private Thread submitter(TaskExecutor executor, CompletableFuture<Throwable> thrown) {
    Thread thread =
        new Thread(
            () -> {
              try {
                TaskFuture<Integer> accepted = executor.submit(() -> 0);
                thrown.complete(new AssertionError("submit returned " + accepted));
              } catch (RejectedExecutionException e) {
                thrown.complete(e);
              }
            },
            "submitter");
    thread.start();
    Waiting.await().until(() -> thread.getState() == Thread.State.WAITING || thrown.isDone());
    return thread;
  }

  @Test
  default void required_S1_fullQueueRunsInTheCallerOnlyWhereTheCallerIsAsGood() throws Exception {
    if (has(Capability.COPIED_TASKS) || has(Capability.MUTUAL_EXCLUSION)) {
      assertThatThrownBy(() -> open(builder().queue(1, QueuePolicy.CALLER_RUNS)).close())
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("interlock.queue.when-full")
          .hasMessageContaining("caller-runs");
      return;
    }
    Gate gate = gate();
    try (TaskExecutor executor = open(builder().queue(1, QueuePolicy.CALLER_RUNS))) {
      block(executor, gate);
      TaskFuture<Thread> queued = executor.submit(() -> Thread.currentThread());
      TaskFuture<Thread> here = executor.submit(() -> Thread.currentThread());
      assertThat(here.isDone()).isTrue();
      assertThat(Waiting.get(here)).isSameAs(Thread.currentThread());
      assertThat(queued.isDone()).isFalse();
      gate.open();
      assertThat(Waiting.get(queued)).isNotSameAs(Thread.currentThread());
    }
  }

  @Test
  default void required_S1_queueIsBoundedByDefaultWhereTasksAreEncoded() {
    if (has(Capability.COPIED_TASKS)) {
      assertThat(provider().defaultQueueCapacity()).isPositive();
    } else {
      assertThat(provider().defaultQueueCapacity()).isNotNegative();
    }
  }

  @Test
  default void required_S2_plainLambdasAndMethodReferencesNeedNoCast() throws Exception {
    int below = 1_000;
    Trace trace = trace();
    String word = "ran";
    assertThat(Waiting.get(executor().submit(() -> Tasks.sumOfSquares(below))))
        .isEqualTo(332_833_500L);
    Waiting.get(executor().submit(() -> trace.mark(word)));
    assertThat(trace.lines()).containsExactly("ran");
    List<String> words = List.of("of", "mice");
    assertThat(Waiting.get(executor().submit(() -> Tasks.join(words)))).isEqualTo("of mice");
    assertThat(Waiting.get(executor().submit(Thread::interrupted))).isFalse();
    try (var sums = executor().map(Tasks::sumOfSquares, List.of(10, 100))) {
      assertThat(sums).containsExactly(285L, 328_350L);
    }
    int factor = 3;
    try (var products = executor().map(number -> factor * number, List.of(1, 2))) {
      assertThat(products).containsExactly(3, 6);
    }
  }

  @Test
  default void required_S2_everyWayOfTheJdkToSubmitWorks() throws Exception {
    Trace trace = trace();
    Task<Integer> one = () -> 1;
    Task<Integer> two = () -> 2;
    executor().execute(() -> trace.mark("executed"));
    Waiting.await().until(() -> trace.lines().contains("executed"));
    assertThat(Waiting.get(executor().submit(new Marking(trace), "preset"))).isEqualTo("preset");
    assertThat(trace.lines()).containsExactly("executed", "marked");
    assertThat(Waiting.getAll(executor().invokeAll(List.of(one, two)))).containsExactly(1, 2);
    assertThat(executor().invokeAny(List.of(one, two))).isIn(1, 2);
  }

  /** A runnable that can cross. */
  record Marking(Trace trace) implements dev.interlock.Action {
    @Override
    public void run() {
      trace.mark("marked");
    }
  }

  @Test
  default void required_S3_taskIsEncodedInSubmit() throws Exception {
    needs(Capability.COPIED_TASKS);
    Gate gate = gate();
    List<TaskFuture<?>> blockers = block(executor(), gate);
    List<String> words = new ArrayList<>(List.of("as", "submitted"));
    TaskFuture<String> future = executor().submit(() -> Tasks.join(words));
    words.set(1, "changed");
    gate.open();
    assertThat(Waiting.get(future)).isEqualTo("as submitted");
    Waiting.getAll(blockers);
  }

  @Test
  default void required_S3_whatCannotCrossFailsInSubmitAndIsNamed() throws Exception {
    needs(Capability.COPIED_TASKS);
    try (Socket socket = new Socket()) {
      Job job = new Job(new Client("localhost", socket));
      assertThatThrownBy(() -> executor().submit(job))
          .isInstanceOfSatisfying(
              NotShareableException.class,
              e -> {
                assertThat(e.path()).contains("Job.client.socket").contains("java.net.Socket");
                assertThat(e).hasMessageContaining(e.path());
                assertThat(e.getMessage().length()).isGreaterThan(e.path().length() + 40);
              });
      assertThatThrownBy(() -> executor().submit(() -> socket.isClosed()))
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining("java.net.Socket");
    }
    Callable<Integer> notSerializable = () -> 1;
    assertThatThrownBy(() -> executor().submit(notSerializable))
        .isInstanceOf(NotShareableException.class);
    assertUsable(executor());
  }

  @Test
  default void required_S4_submitIsRejectedAfterShutdown() {
    TaskExecutor executor = open();
    executor.close();
    assertThatThrownBy(() -> executor.submit(() -> 1))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("shut down");
    assertThatThrownBy(() -> executor.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> executor.map(Tasks::twice, List.of(1)))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  default void required_S4_wrongSizesNameKeyValueAndRange() {
    assertThatThrownBy(() -> open(builder().workers(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("interlock.workers is '0'")
        .hasMessageContaining("from 1 to");
    assertThatThrownBy(() -> open(builder().queue(-1, QueuePolicy.BLOCK)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("interlock.queue.capacity is '-1'")
        .hasMessageContaining("from 0 to");
    assertThatThrownBy(() -> MapOptions.defaults().withChunkSize(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("chunkSize is 0, but must be at least 1");
    assertThatThrownBy(() -> MapOptions.defaults().withBufferSize(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bufferSize is 0, but must be at least 1");
    assertThatThrownBy(() -> MapOptions.defaults().withTimeout(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("timeout is PT-0.001S");
    assertThatThrownBy(() -> executor().asCompleted(List.of(), Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void required_S5_nullTasksFailAtOnceAndNullResultsAreFine() throws Exception {
    assertThatThrownBy(() -> executor().submit((Task<Integer>) null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> executor().submit((Runnable) null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> executor().execute((Runnable) null))
        .isInstanceOf(NullPointerException.class);
    assertThat(Waiting.<Object>get(executor().submit(() -> null))).isNull();
    try (var results = executor().map(number -> number == 1 ? null : number, List.of(1, 2))) {
      assertThat(results).containsExactly(null, 2);
    }
  }

  @Test
  default void required_S6_nestedSubmitNeverHangs() throws Exception {
    TaskExecutor executor = executor();
    Throwable thrown =
        catchThrowable(
            () ->
                assertThat(Waiting.get(executor.submit(() -> countDown(executor, 20))))
                    .isEqualTo(20));
    if (has(Capability.NESTED_SUBMIT)) {
      assertThat(thrown).isNull();
    } else {
      assertThat(thrown)
          .as("a clear refusal")
          .isNotInstanceOf(TimeoutException.class)
          .isNotInstanceOf(AssertionError.class)
          .isNotNull();
      assertThat(Throwables.getRootCause(thrown).getMessage())
          .as("what the refusal says")
          .hasSizeGreaterThan(40);
    }
    assertUsable(executor);
  }

  @Test
  default void optional_S6_nestedSubmitMayExceedTheQueueBound() throws Exception {
    needs(Capability.NESTED_SUBMIT);
    try (TaskExecutor executor = open(builder().queue(1, QueuePolicy.BLOCK))) {
      TaskFuture<Integer> total =
          executor.submit(
              () -> {
                List<TaskFuture<Integer>> parts = new ArrayList<>();
                for (int i = 1; i <= 10; i++) {
                  int number = i;
                  parts.add(executor.submit(() -> number));
                }
                int sum = 0;
                for (TaskFuture<Integer> part : parts) {
                  sum += part.get();
                }
                return sum;
              });
      assertThat(Waiting.get(total)).isEqualTo(55);
    }
  }

  private static int countDown(TaskExecutor executor, int levels) throws Exception {
    return levels == 0 ? 0 : 1 + executor.submit(() -> countDown(executor, levels - 1)).get();
  }
}
