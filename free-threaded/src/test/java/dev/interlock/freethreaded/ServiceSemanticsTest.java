// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

import dev.interlock.Blocking;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.contract.LeakCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What code that was written for {@link java.util.concurrent.AbstractExecutorService} relies on,
 * beyond the contract suite; after what the tests of JSR 166 look at.
 */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class ServiceSemanticsTest {
  private final CountDownLatch never = new CountDownLatch(1);
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger interrupts = new AtomicInteger();
  private final TaskExecutor executor =
      Interlock.builder().strategy("free-threaded").workers(2).open();

  @AfterEach
  void close() {
    executor.shutdownNow();
    executor.close();
  }

  /** Waits until it is interrupted, and counts that. */
  private String waitForEver() throws InterruptedException {
    begun.incrementAndGet();
    try {
      return Blocking.call(this::awaitNever);
    } catch (InterruptedException e) {
      interrupts.incrementAndGet();
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private String awaitNever() throws InterruptedException {
    never.await();
    return "never";
  }

  // invokeAll.

  @Test
  @SuppressWarnings("NullArgumentForNonNullParameter")
  void invokeAllRefusesNullAndTakesNothing() throws Exception {
    assertThatNullPointerException().isThrownBy(() -> executor.invokeAll(null));
    assertThat(executor.invokeAll(List.<Callable<String>>of())).isEmpty();
    assertThatNullPointerException()
        .isThrownBy(() -> executor.invokeAll(Arrays.asList(this::waitForEver, null)));
    await().until(() -> executor.stats().submitted() == executor.stats().cancelled());
  }

  @Test
  void invokeAllReturnsWhenAllAreDoneAndInOrder() throws Exception {
    IOException failure = new IOException("no disk");
    List<Callable<String>> tasks =
        List.of(
            () -> "one",
            () -> {
              throw failure;
            },
            () -> "three");
    List<Future<String>> futures = executor.invokeAll(tasks);
    assertThat(futures).hasSize(3).allMatch(Future::isDone);
    assertThat(futures.get(0).get()).isEqualTo("one");
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(futures.get(1)::get)
        .satisfies(thrown -> assertThat(thrown.getCause()).isSameAs(failure));
    assertThat(futures.get(2).get()).isEqualTo("three");
  }

  @Test
  void invokeAllWithATimeoutCancelsWhatIsNotDone() throws Exception {
    List<Callable<String>> tasks = List.of(() -> "done", this::waitForEver, this::waitForEver);
    List<Future<String>> futures = executor.invokeAll(tasks, 300, TimeUnit.MILLISECONDS);
    assertThat(futures).hasSize(3).allMatch(Future::isDone);
    assertThat(futures.get(0).get()).isEqualTo("done");
    assertThat(futures.subList(1, 3)).allMatch(Future::isCancelled);
    await().until(() -> interrupts.get() == 2);
  }

  @Test
  void anInterruptedInvokeAllCancelsItsTasks() throws Exception {
    List<Callable<String>> tasks = List.of(this::waitForEver, this::waitForEver);
    interruptedWhile(() -> executor.invokeAll(tasks), 2);
  }

  // invokeAny.

  @Test
  @SuppressWarnings("NullArgumentForNonNullParameter")
  void invokeAnyRefusesNullAndNothing() {
    assertThatNullPointerException().isThrownBy(() -> executor.invokeAny(null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> executor.invokeAny(List.<Callable<String>>of()));
    assertThatNullPointerException()
        .isThrownBy(() -> executor.invokeAny(Arrays.asList(this::waitForEver, null)));
  }

  @Test
  void invokeAnyGivesOneThatSucceedsAndCancelsTheOthers() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    List<Callable<String>> tasks =
        List.of(
            () -> {
              throw new IOException("first");
            },
            () -> {
              waiting.countDown();
              return waitForEver();
            },
            () -> {
              Blocking.call(() -> waiting.await(30, TimeUnit.SECONDS));
              return "third";
            });
    assertThat(executor.invokeAny(tasks)).isEqualTo("third");
    await().until(() -> interrupts.get() == 1);
  }

  @Test
  void invokeAnyFailsWithACauseIfAllFail() {
    List<Callable<String>> tasks =
        List.of(
            () -> {
              throw new IOException("one");
            },
            () -> {
              throw new IOException("two");
            });
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> executor.invokeAny(tasks))
        .withCauseInstanceOf(IOException.class);
  }

  @Test
  void invokeAnyTimesOutAndInterruptsItsTasks() {
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(
            () -> executor.invokeAny(List.of(this::waitForEver), 200, TimeUnit.MILLISECONDS));
    await().until(() -> interrupts.get() == 1);
  }

  @Test
  void anInterruptedInvokeAnyCancelsItsTasks() throws Exception {
    interruptedWhile(() -> executor.invokeAny(List.of(this::waitForEver)), 1);
  }

  /** The call throws InterruptedException, with the flag cleared, and its tasks are interrupted. */
  private void interruptedWhile(ThrowingCallable call, int tasks) throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                call.call();
              } catch (Throwable e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
              }
            });
    caller.start();
    await().until(() -> begun.get() == tasks);
    caller.interrupt();
    caller.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(flag.get()).isFalse();
    await().until(() -> interrupts.get() == tasks);
  }

  // Futures.

  @Test
  void aCancelledFutureSaysSo() throws Exception {
    TaskFuture<String> future = executor.submit(this::waitForEver);
    await().until(() -> begun.get() == 1);
    assertThat(future.cancel(true)).isTrue();
    assertThat(future.isDone()).isTrue();
    assertThat(future.isCancelled()).isTrue();
    for (ThrowingCallable get :
        List.<ThrowingCallable>of(
            future::get, () -> future.get(1, TimeUnit.SECONDS), future::join)) {
      assertThatExceptionOfType(CancellationException.class).isThrownBy(get);
    }
    await().until(() -> interrupts.get() == 1);
  }

  @Test
  void getWithATimeoutThrowsAndLeavesTheTaskAlone() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    TaskFuture<Boolean> future = executor.submit(() -> open.await(30, TimeUnit.SECONDS));
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> future.get(20, TimeUnit.MILLISECONDS));
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> future.get(-1, TimeUnit.MILLISECONDS));
    open.countDown();
    assertThat(future.get()).isTrue();
  }

  @Test
  void anInterruptEndsAWaitForTheResultAndNotTheTask() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    TaskFuture<Boolean> future = executor.submit(() -> open.await(30, TimeUnit.SECONDS));
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(future::get);
    assertThat(Thread.interrupted()).isFalse();
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> future.get(10, TimeUnit.SECONDS));
    assertThat(Thread.interrupted()).isFalse();
    open.countDown();
    assertThat(future.get()).isTrue();
  }

  @Test
  void submitAndTheResultOfADoneTaskKeepAnInterrupt() throws Exception {
    TaskFuture<String> future = executor.submit(() -> "done");
    future.get();
    Thread.currentThread().interrupt();
    assertThat(future.get()).isEqualTo("done");
    TaskFuture<Boolean> next = executor.submit(() -> Thread.currentThread().isInterrupted());
    assertThat(Thread.interrupted()).isTrue();
    assertThat(next.get()).as("the submitter's interrupt in the task").isFalse();
  }

  @Test
  void whatATaskThrowsIsTheCauseItself() {
    for (Throwable failure :
        List.of(
            new IOException("checked"),
            new IllegalStateException("unchecked"),
            new AssertionError("error"),
            new CancellationException("not a cancel"),
            new CompletionException("not a wrapper", null),
            new InterruptedException("thrown"))) {
      TaskFuture<Object> future =
          executor.submit(
              (Callable<Object>)
                  () -> {
                    throw sneaky(failure);
                  });
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(future::get)
          .satisfies(thrown -> assertThat(thrown.getCause()).isSameAs(failure));
      assertThat(future.isCancelled()).isFalse();
      assertThat(future.isCompletedExceptionally()).isTrue();
    }
    assertThat(executor.stats().workersStarted()).as("no thread has died of it").isLessThan(3);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X extends Throwable> X sneaky(Throwable failure) throws X {
    throw (X) failure;
  }

  @Test
  void submitOfARunnableGivesNullOrTheGivenResult() throws Exception {
    Runnable action = Thread::onSpinWait;
    assertThat(executor.submit(action).get()).isNull();
    assertThat(executor.submit(action, "given").get()).isEqualTo("given");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noInterruptOfATaskIsSeenByTheNext(boolean byItself) throws Exception {
    for (int i = 0; i < 200; i++) {
      TaskFuture<?> first =
          byItself
              ? executor.submit(() -> Thread.currentThread().interrupt())
              : executor.submit(this::waitForEver);
      if (byItself) {
        first.get();
      } else {
        first.cancel(true);
      }
      assertThat(executor.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
    }
  }

  // Those who use an executor.

  @Test
  void aCompletionServiceGivesFuturesInOrderOfCompletion() throws Exception {
    ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(executor);
    CountDownLatch open = new CountDownLatch(1);
    Future<Integer> slow =
        service.submit(
            () -> {
              open.await();
              return 1;
            });
    Future<Integer> quick = service.submit(() -> 2);
    assertThat(service.take()).isSameAs(quick);
    assertThat(service.poll()).isNull();
    assertThat(service.poll(10, TimeUnit.MILLISECONDS)).isNull();
    open.countDown();
    assertThat(service.take()).isSameAs(slow);
    assertThat(slow.get() + quick.get()).isEqualTo(3);
  }

  @Test
  void aCompletionServiceInATaskIsAWaitToBeDeclared() throws Exception {
    try (TaskExecutor one = Interlock.builder().strategy("free-threaded").workers(1).open()) {
      TaskFuture<Integer> sum =
          one.submit(
              () -> {
                ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(one);
                for (int i = 1; i <= 10; i++) {
                  int number = i;
                  service.submit(() -> number);
                }
                int total = 0;
                for (int i = 1; i <= 10; i++) {
                  total += Blocking.call(service::take).get();
                }
                return total;
              });
      assertThat(sum.get()).isEqualTo(55);
    }
  }

  @Test
  void stagesOfTheJdkRunOnIt() throws Exception {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    CompletableFuture<Integer> sum =
        CompletableFuture.supplyAsync(
                () -> {
                  threads.add(Thread.currentThread().getName());
                  return 20;
                },
                executor)
            .thenCombineAsync(executor.submit(() -> 22), Integer::sum, executor);
    assertThat(sum.get()).isEqualTo(42);
    assertThat(threads).allMatch(name -> name.contains("free-threaded"));
  }

  @Test
  void callbacksOfACancelledTaskSeeTheCancel() {
    TaskFuture<String> future = executor.submit(this::waitForEver);
    List<Throwable> seen = new ArrayList<>();
    future.whenComplete((result, failure) -> seen.add(failure));
    future.addListener(() -> seen.add(null), Runnable::run);
    future.cancel(true);
    assertThat(seen).hasSize(2).anyMatch(CancellationException.class::isInstance);
  }

  // The end.

  @Test
  void awaitTerminationTellsWhetherItIsOver() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    TaskFuture<Boolean> running = executor.submit(() -> open.await(30, TimeUnit.SECONDS));
    assertThat(executor.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
    executor.shutdown();
    assertThat(executor.isShutdown()).isTrue();
    assertThat(executor.isTerminated()).isFalse();
    assertThat(executor.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> executor.awaitTermination(10, TimeUnit.SECONDS));
    open.countDown();
    assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(running.get()).isTrue();
  }

  @Test
  void everyWayToSubmitIsRejectedAfterShutdown() {
    executor.shutdown();
    Callable<Integer> task = () -> 1;
    Runnable action = Thread::onSpinWait;
    for (ThrowingCallable submit :
        List.<ThrowingCallable>of(
            () -> executor.execute(action),
            () -> executor.submit(task),
            () -> executor.submit(action),
            () -> executor.submit(action, 1),
            () -> executor.invokeAll(List.of(task)),
            () -> executor.invokeAny(List.of(task)))) {
      assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(submit);
    }
  }

  @Test
  void shutdownNowInterruptsWhatRunsAndGivesBackWhatDoesNot() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Callable<String> busy =
        () -> {
          both.countDown();
          try {
            return awaitNever();
          } catch (InterruptedException e) {
            interrupts.incrementAndGet();
            throw e;
          }
        };
    List<Future<String>> running = List.of(executor.submit(busy), executor.submit(busy));
    both.await();
    AtomicInteger ran = new AtomicInteger();
    List<TaskFuture<Integer>> queued = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      queued.add(executor.submit(ran::incrementAndGet));
    }
    List<Runnable> neverStarted = executor.shutdownNow();
    assertThat(neverStarted).hasSize(10);
    assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(interrupts).hasValue(2);
    assertThat(ran).hasValue(0);
    assertThat(queued).allMatch(Future::isCancelled);
    for (Future<String> future : running) {
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(future::get)
          .withCauseInstanceOf(InterruptedException.class);
    }
  }
}
