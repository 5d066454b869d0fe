// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.MoreExecutors;
import dev.interlock.TaskFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** F3: futures and their callbacks. */
interface CallbackContract extends Subject {

  @Test
  default void required_F3_timeoutOfGetDoesNotCancel() throws Exception {
    Gate gate = gate();
    TaskFuture<String> future =
        executor()
            .submit(
                () -> {
                  gate.pass();
                  return "still there";
                });
    assertThatThrownBy(() -> future.get(20, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    assertThat(future.isDone()).isFalse();
    gate.open();
    assertThat(Waiting.get(future)).isEqualTo("still there");
  }

  @Test
  default void required_F3_callbacksRunOnceAndAThrowingOneHoldsUpNone() throws Exception {
    Gate gate = gate();
    AtomicInteger calls = new AtomicInteger();
    TaskFuture<Integer> future =
        executor()
            .submit(
                () -> {
                  gate.pass();
                  return 1;
                });
    for (int i = 0; i < 10; i++) {
      int number = i;
      Runnable callback =
          () -> {
            calls.incrementAndGet();
            if (number % 2 == 0) {
              IllegalStateException meant = new IllegalStateException("meant to fail");
              meant.setStackTrace(new StackTraceElement[0]); // it is going to be logged
              throw meant;
            }
          };
      future.addListener(callback, MoreExecutors.directExecutor());
      var unused = future.whenComplete((result, failure) -> callback.run());
    }
    assertThat(calls.get()).as("before the future is done").isZero();
    gate.open();
    assertThat(Waiting.get(future)).isEqualTo(1);
    Waiting.await().until(() -> calls.get() >= 20);
    assertUsable(executor());
    assertThat(calls.get()).isEqualTo(20);
  }

  @Test
  default void required_F3_callbacksOfADoneFutureRunAtOnceInTheCaller() throws Exception {
    TaskFuture<Integer> future = executor().submit(() -> 1);
    Waiting.get(future);
    AtomicReference<Thread> stage = new AtomicReference<>();
    AtomicReference<Thread> listener = new AtomicReference<>();
    var unused = future.whenComplete((result, failure) -> stage.set(Thread.currentThread()));
    future.addListener(() -> listener.set(Thread.currentThread()), MoreExecutors.directExecutor());
    assertThat(stage.get()).isSameAs(Thread.currentThread());
    assertThat(listener.get()).isSameAs(Thread.currentThread());
  }

  @Test
  default void required_F3_callbacksSeeTheFailure() throws Exception {
    AtomicReference<Throwable> seen = new AtomicReference<>();
    TaskFuture<Integer> future = executor().submit(Tasks::boom);
    var handled =
        future.handle(
            (result, failure) -> {
              seen.set(failure);
              return "handled";
            });
    assertThat(Waiting.get(handled.toCompletableFuture())).isEqualTo("handled");
    assertThat(seen.get()).isInstanceOf(Tasks.Boom.class);
  }
}
