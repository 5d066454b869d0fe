// SPDX-License-Identifier: Apache-2.0
package dev.interlock.underfire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.TaskFuture;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks that throw, are cancelled, interrupted, or run out of stack, wherever they are. */
@Tag("instrumented")
@Timeout(120)
class FailuresUnderFireTest {
  private static final int TASKS = 8;

  private Arena arena;

  @BeforeEach
  void open() {
    arena = new Arena(TASKS, Duration.ofNanos(1));
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void exceptionsAreCaughtWithTheLockHeld() throws Exception {
    arena.run(
        TASKS,
        300,
        () -> {
          for (int i = 0; i < 300; i++) {
            try {
              fail(i);
            } catch (IllegalStateException e) {
              arena.update();
            }
          }
        });
  }

  private static void fail(int i) {
    for (int step = 0; step < 10; step++) {
      if (step == i % 10) {
        throw new IllegalStateException("on purpose");
      }
    }
  }

  @Test
  void interruptsOfBlockingCallsAreCaughtWithTheLockHeld() throws Exception {
    BlockingQueue<Integer> never = new ArrayBlockingQueue<>(1);
    CountDownLatch neither = new CountDownLatch(1);
    CompletableFuture<Integer> norThis = new CompletableFuture<>();
    Object monitor = new Object();
    arena.run(
        TASKS,
        40,
        () -> {
          for (int i = 0; i < 40; i++) {
            Thread.currentThread().interrupt();
            try {
              switch (i % 5) {
                case 0 -> Thread.sleep(10_000);
                case 1 -> never.take();
                case 2 -> neither.await();
                case 3 -> norThis.get();
                default -> {
                  synchronized (monitor) {
                    while (true) {
                      monitor.wait();
                    }
                  }
                }
              }
            } catch (InterruptedException e) {
              arena.update();
            }
          }
        });
  }

  @Test
  void exceptionsOutOfBlockingCallsAreCaughtWithTheLockHeld() throws Exception {
    arena.run(
        TASKS,
        20,
        () -> {
          for (int i = 0; i < 20; i++) {
            try (PipedInputStream in = new PipedInputStream(1);
                PipedOutputStream out = new PipedOutputStream(in)) {
              out.close();
              out.write(in.read());
            } catch (IOException e) {
              arena.update();
            }
          }
        });
  }

  @Test
  void tasksRunOutOfStackAtAnyDepth() throws Exception {
    arena.run(
        TASKS,
        1 + 500,
        () -> {
          try {
            deeper(1);
          } catch (StackOverflowError e) {
            arena.update();
          }
          for (int i = 0; i < 500; i++) {
            arena.update();
          }
        });
  }

  @SuppressWarnings("InfiniteRecursion") // until the stack is used up
  private static long deeper(long depth) {
    for (int i = 0; i < 2; i++) {
      if (depth < i) {
        return 0;
      }
    }
    if (depth % 128 == 0) {
      LockSupport.parkNanos(1);
    }
    return 1 + deeper(depth + 1);
  }

  @Test
  void randomCancelsLeaveTheLockAndTheWorkersUsable() throws Exception {
    Random random = new Random(42);
    Object monitor = new Object();
    for (int round = 0; round < 40; round++) {
      List<TaskFuture<?>> futures = new ArrayList<>();
      for (int i = 0; i < 25; i++) {
        int kind = i % 5;
        futures.add(
            arena.executor.submit(
                () -> {
                  work(kind, monitor);
                  return null;
                }));
      }
      for (TaskFuture<?> future : futures) {
        if (random.nextInt(3) == 0) {
          LockSupport.parkNanos(1_000);
        }
        future.cancel(random.nextBoolean());
      }
      assertThat(futures).allMatch(TaskFuture::isDone);
    }
    arena.run(TASKS, 1, arena::update);
  }

  @SuppressWarnings("WaitNotInLoop") // for nothing: until its time is up
  private static void work(int kind, Object monitor) throws InterruptedException {
    switch (kind) {
      case 0 -> Thread.sleep(1);
      case 1 -> {
        synchronized (monitor) {
          spin();
        }
      }
      case 2 -> {
        synchronized (monitor) {
          monitor.wait(1);
        }
      }
      case 3 -> new CountDownLatch(1).await(100, TimeUnit.MICROSECONDS);
      default -> spin();
    }
  }

  private static void spin() {
    int sum = 0;
    for (int i = 0; i < 10_000; i++) {
      sum += i ^ sum;
    }
    assertThat(sum).isNotEqualTo(1);
  }
}
