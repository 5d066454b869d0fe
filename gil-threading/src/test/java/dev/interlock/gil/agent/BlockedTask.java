// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.gil.Gil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * One task blocks in the JDK, and only another task can release it. Nobody asks for the lock here,
 * so the other task runs only if the blocked one has dropped it.
 */
@Timeout(60)
abstract class BlockedTask {
  static final long HOUR_MS = 3_600_000;
  private static final long LIMIT_S = 30;

  private TaskExecutor executor;
  private Gil gil;
  private volatile Thread blocked;

  @FunctionalInterface
  interface Code {
    void run() throws Exception;
  }

  @BeforeEach
  void open() {
    assumeTrue(
        GilAgent.coverage().state() == AgentState.ACTIVE,
        "without the agent a blocked task keeps the lock");
    executor =
        Interlock.builder()
            .strategy("gil-threading")
            .workers(2)
            .set("gil-threading.switch-interval", "1h")
            .open();
    gil = Gil.of(executor);
  }

  @AfterEach
  void close() {
    if (executor != null) {
      executor.close(Duration.ofSeconds(10));
      assertThat(executor.isTerminated()).as("all tasks have ended").isTrue();
    }
  }

  /** The call blocks until {@code release} has run, and then returns. */
  final void isReleased(Code call, Code release) throws Exception {
    assertThat(runBoth(call, release)).as("what the blocking call threw").isNull();
  }

  /** The call blocks until {@code release} has run, and then throws. */
  final void isEnded(Code call, Code release, Class<? extends Exception> by) throws Exception {
    assertThat(runBoth(call, release)).isInstanceOf(by);
  }

  /** The call blocks until its thread is interrupted, and then throws. */
  final void isInterrupted(Code call, Class<? extends Exception> by) throws Exception {
    isEnded(call, this::interruptBlocked, by);
  }

  final void interruptBlocked() {
    blocked.interrupt();
  }

  final Thread blockedThread() {
    return blocked;
  }

  /** From now on the lock is also asked for, and taken over from who waits for a monitor. */
  final void switchEvery(Duration interval) {
    gil.setSwitchInterval(interval);
  }

  final boolean isLockHeld() {
    return gil.isHeldByCurrentThread();
  }

  private Exception runBoth(Code call, Code release) throws Exception {
    TaskFuture<Exception> blocking =
        executor.submit(
            () -> {
              blocked = Thread.currentThread();
              Exception thrown = null;
              try {
                call.run();
              } catch (Exception e) {
                thrown = e;
              }
              assertThat(gil.isHeldByCurrentThread()).as("lock held after the call").isTrue();
              return thrown;
            });
    TaskFuture<?> releasing =
        executor.submit(
            () -> {
              await().until(this::isBlocked);
              assertThat(gil.isHeldByCurrentThread()).as("lock held while releasing").isTrue();
              release.run();
              return null;
            });
    releasing.get(LIMIT_S, TimeUnit.SECONDS);
    return blocking.get(LIMIT_S, TimeUnit.SECONDS);
  }

  /** In a native method of the JDK, and not because it waits for the interpreter lock. */
  private boolean isBlocked() {
    Thread thread = blocked;
    if (thread == null) {
      return false;
    }
    StackTraceElement[] stack = thread.getStackTrace();
    if (stack.length == 0 || !stack[0].isNativeMethod()) {
      return false;
    }
    for (StackTraceElement frame : stack) {
      if (frame.getClassName().startsWith("dev.interlock.gil.InterpreterLock")) {
        return false;
      }
    }
    return true;
  }
}
