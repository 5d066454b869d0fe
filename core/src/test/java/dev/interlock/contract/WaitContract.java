// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.ReturnWhen;
import dev.interlock.TaskFuture;
import dev.interlock.TaskFutures;
import dev.interlock.TaskTimeoutException;
import dev.interlock.WaitResult;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** M4: waiting for several futures. */
interface WaitContract extends Subject {

  private TaskFuture<String> gated(Gate gate, String result) {
    return executor()
        .submit(
            () -> {
              gate.pass();
              return result;
            });
  }

  private TaskFuture<String> done(String result) throws Exception {
    TaskFuture<String> future = executor().submit(() -> result);
    Waiting.get(future);
    return future;
  }

  @Test
  default void required_M4_asCompletedYieldsInOrderOfCompletion() throws Exception {
    Gate first = gate();
    Gate second = gate();
    TaskFuture<String> a = gated(first, "a");
    TaskFuture<String> b = gated(second, "b");
    TaskFuture<String> c = gated(second, "c");
    TaskFuture<String> early = cancelled();
    try (Stream<TaskFuture<String>> completed =
        executor().asCompleted(List.of(c, b, a, early, a))) {
      Iterator<TaskFuture<String>> iterator = completed.iterator();
      assertThat((Object) iterator.next()).as("the one that was done").isSameAs(early);
      first.open();
      assertThat((Object) iterator.next()).isSameAs(a);
      second.open();
      assertThat(List.of(iterator.next(), iterator.next())).containsExactlyInAnyOrder(b, c);
      assertThat(iterator.hasNext()).as("a again").isFalse();
    }
  }

  /** Done whatever the workers do. */
  private TaskFuture<String> cancelled() {
    TaskFuture<String> future = executor().submit(() -> "never asked for");
    future.cancel(true);
    return future;
  }

  @Test
  default void required_M4_asCompletedTimesOut() throws Exception {
    Gate never = gate();
    TaskFuture<String> done = done("done");
    TaskFuture<String> late = gated(never, "late");
    try (Stream<TaskFuture<String>> completed =
        executor().asCompleted(List.of(late, done), Duration.ofMillis(50))) {
      Iterator<TaskFuture<String>> iterator = completed.iterator();
      assertThat((Object) iterator.next()).isSameAs(done);
      assertThatThrownBy(iterator::next).isInstanceOf(TaskTimeoutException.class);
    }
    assertThat(late.isDone()).isFalse();
  }

  @Test
  default void required_M4_waitsReturnDoneAndNotDone() throws Exception {
    Gate gate = gate();
    TaskFuture<String> done = done("done");
    TaskFuture<Integer> failed = executor().submit(Tasks::boom);
    Waiting.failureOf(failed);
    TaskFuture<String> late = gated(gate, "late");

    WaitResult<TaskFuture<?>> one =
        TaskFutures.await(List.of(late, done), ReturnWhen.FIRST_COMPLETED);
    assertThat(one.done()).containsExactly(done);
    assertThat(one.notDone()).containsExactly(late);

    WaitResult<TaskFuture<?>> exception =
        TaskFutures.await(List.of(late, done, failed), ReturnWhen.FIRST_EXCEPTION);
    assertThat(exception.done()).containsExactlyInAnyOrder(done, failed);
    assertThat(exception.notDone()).containsExactly(late);

    WaitResult<TaskFuture<?>> timedOut =
        TaskFutures.await(
            List.of(late, done, late), ReturnWhen.ALL_COMPLETED, Duration.ofMillis(50));
    assertThat(timedOut.done()).containsExactly(done);
    assertThat(timedOut.notDone()).containsExactly(late);

    gate.open();
    WaitResult<TaskFuture<?>> all =
        TaskFutures.await(List.of(late, done, failed), ReturnWhen.ALL_COMPLETED, Waiting.limit());
    assertThat(all.done()).containsExactlyInAnyOrder(late, done, failed);
    assertThat(all.notDone()).isEmpty();
    WaitResult<TaskFuture<?>> calm =
        TaskFutures.await(List.of(late, done), ReturnWhen.FIRST_EXCEPTION, Waiting.limit());
    assertThat(calm.notDone()).isEmpty();
  }
}
