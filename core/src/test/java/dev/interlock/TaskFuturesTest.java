// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Waiting;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class TaskFuturesTest {
  private final CompletableFuture<String> a = new CompletableFuture<>();
  private final CompletableFuture<String> b = new CompletableFuture<>();
  private final CompletableFuture<String> c = new CompletableFuture<>();

  @Test
  void asCompletedYieldsDoneOnesFirstThenInOrderAndEachOnce() {
    b.complete("b");
    Iterator<CompletableFuture<String>> completed =
        TaskFutures.asCompleted(List.of(a, b, a, c, b)).iterator();
    assertThat((Object) completed.next()).isSameAs(b);
    c.completeExceptionally(new IllegalStateException());
    a.cancel(false);
    assertThat((Object) completed.next()).isSameAs(c);
    assertThat((Object) completed.next()).isSameAs(a);
    assertThat(completed.hasNext()).isFalse();
    assertThatThrownBy(completed::next).isInstanceOf(NoSuchElementException.class);
    assertThat(TaskFutures.asCompleted(List.<CompletableFuture<String>>of())).isEmpty();
  }

  @Test
  void asCompletedTimesOutByTheCallAndStillYieldsWhatIsDone() {
    a.complete("a");
    Iterator<CompletableFuture<String>> completed =
        TaskFutures.asCompleted(List.of(a, b), Duration.ZERO).iterator();
    assertThat((Object) completed.next()).isSameAs(a);
    assertThatThrownBy(completed::next)
        .isInstanceOf(TaskTimeoutException.class)
        .hasMessage("1 futures were not done in time (limit 0 ms)");
  }

  @Test
  void interruptedWaitKeepsTheInterruptOrThrowsIt() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> TaskFutures.asCompleted(List.of(a)).iterator().next())
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> TaskFutures.await(List.of(a), ReturnWhen.ALL_COMPLETED))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void awaitReturnsAsSoonAsItsConditionHolds() throws Exception {
    b.complete("b");
    WaitResult<CompletableFuture<String>> first =
        TaskFutures.await(List.of(a, b, c), ReturnWhen.FIRST_COMPLETED);
    assertThat(first.done()).containsExactly(b);
    assertThat(first.notDone()).containsExactly(a, c);
    c.cancel(true);
    WaitResult<CompletableFuture<String>> exception =
        TaskFutures.await(List.of(a, b, c), ReturnWhen.FIRST_EXCEPTION);
    assertThat(exception.done()).containsExactly(b, c);
    WaitResult<CompletableFuture<String>> timedOut =
        TaskFutures.await(List.of(a, b), ReturnWhen.ALL_COMPLETED, Duration.ofMillis(10));
    assertThat(timedOut.done()).containsExactly(b);
    assertThat(timedOut.notDone()).containsExactly(a);
  }

  @Test
  void awaitIsWokenByTheCompletionOfAnotherThread() throws Exception {
    AtomicReference<WaitResult<CompletableFuture<String>>> result = new AtomicReference<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                result.set(TaskFutures.await(List.of(a, b), ReturnWhen.ALL_COMPLETED));
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    waiter.start();
    a.complete("a");
    Waiting.await().until(() -> waiter.getState() == Thread.State.WAITING);
    assertThat(result.get()).isNull();
    b.complete("b");
    waiter.join();
    assertThat(result.get().done()).containsExactlyInAnyOrder(a, b);
    assertThat(result.get().notDone()).isEmpty();
  }
}
