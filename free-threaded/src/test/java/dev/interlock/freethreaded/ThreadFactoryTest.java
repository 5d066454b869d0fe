// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.interlock.Blocking;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.contract.ThreadFactoryCases;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whose threads tasks run on, and who hears of what they throw. */
class ThreadFactoryTest extends ThreadFactoryCases {
  @Override
  protected Interlock.Builder builder() {
    return Interlock.builder().strategy("free-threaded").workers(2);
  }

  @Test
  @SuppressWarnings("ThreadPriorityCheck")
  void theFactoryDecidesEverythingAboutTheThreads() throws Exception {
    ThreadGroup group = new ThreadGroup("of the factory");
    try (URLClassLoader loader = new URLClassLoader(new URL[0]);
        TaskExecutor executor =
            builder()
                .threadFactory(
                    body -> {
                      Thread thread = new Thread(group, body, "from-the-factory");
                      thread.setPriority(Thread.MIN_PRIORITY);
                      thread.setContextClassLoader(loader);
                      return thread;
                    })
                .open()) {
      Thread worker = executor.submit(() -> Thread.currentThread()).get();
      assertThat(worker.getName()).isEqualTo("from-the-factory");
      assertThat(worker.getThreadGroup()).isSameAs(group);
      assertThat(worker.getPriority()).isEqualTo(Thread.MIN_PRIORITY);
      assertThat(worker.getContextClassLoader()).isSameAs(loader);
      assertThat(worker.isDaemon()).isFalse();
    }
  }

  @Test
  void thoseThatStandInForBlockedWorkersComeFromItToo() throws Exception {
    AtomicInteger made = new AtomicInteger();
    try (TaskExecutor executor =
        builder()
            .threadFactory(
                body -> {
                  Thread thread = new Thread(body, "made-" + made.incrementAndGet());
                  thread.setDaemon(true);
                  return thread;
                })
            .open()) {
      CountDownLatch all = new CountDownLatch(20);
      List<TaskFuture<String>> futures = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        futures.add(
            executor.submit(
                () -> {
                  all.countDown();
                  Blocking.call(() -> all.await(30, TimeUnit.SECONDS));
                  return Thread.currentThread().getName();
                }));
      }
      for (TaskFuture<String> future : futures) {
        assertThat(future.get()).startsWith("made-");
      }
      assertThat(made.get()).isGreaterThanOrEqualTo(20);
    }
  }

  @Test
  void aFactoryThatFailsLaterLeavesTheOtherWorkersAtWork() throws Exception {
    AtomicInteger made = new AtomicInteger();
    try (TaskExecutor executor =
        builder()
            .threadFactory(
                body -> {
                  if (made.incrementAndGet() > 1) {
                    throw new IllegalStateException("one is enough");
                  }
                  Thread thread = new Thread(body, "the-only-one");
                  thread.setDaemon(true);
                  return thread;
                })
            .open()) {
      List<TaskFuture<String>> futures = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        futures.add(executor.submit(() -> Thread.currentThread().getName()));
      }
      for (TaskFuture<String> future : futures) {
        assertThat(future.get()).isEqualTo("the-only-one");
      }
    }
  }

  @Test
  void theUncaughtExceptionHandlerGetsWhatExecuteThrowsAndTheWorkerGoesOn() {
    IllegalStateException failure = new IllegalStateException("uncaught");
    Queue<Throwable> seen = new ConcurrentLinkedQueue<>();
    try (TaskExecutor executor =
        builder()
            .workers(1)
            .uncaughtExceptionHandler((thread, thrown) -> seen.add(thrown))
            .open()) {
      executor.execute(
          () -> {
            throw failure;
          });
      await().until(() -> !seen.isEmpty());
      TaskFuture<?> withFuture =
          executor.submit(
              () -> {
                throw failure;
              });
      assertThatExceptionOfType(Exception.class).isThrownBy(withFuture::get).withCause(failure);
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
    assertThat(seen).containsExactly(failure);
  }

  @Test
  void withoutOneItIsTheHandlerOfTheThread() {
    Queue<Throwable> seen = new ConcurrentLinkedQueue<>();
    try (TaskExecutor executor =
        builder()
            .threadFactory(
                body -> {
                  Thread thread = new Thread(body, "handled");
                  thread.setUncaughtExceptionHandler((which, thrown) -> seen.add(thrown));
                  return thread;
                })
            .open()) {
      executor.execute(
          () -> {
            throw new IllegalStateException("uncaught");
          });
      await().until(() -> seen.size() == 1);
    }
  }
}
