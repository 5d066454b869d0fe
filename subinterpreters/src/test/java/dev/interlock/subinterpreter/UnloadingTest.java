// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Interlock;
import dev.interlock.Task;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.contract.Gate;
import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Waiting;
import dev.interlock.isolation.Jobs;
import dev.interlock.spi.ExecutorHandle;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that stays keeps the loader of an interpreter that has ended: its classes unload. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class UnloadingTest {

  static Stream<Arguments> tasks() {
    return Jobs.unloadable().entrySet().stream()
        .map(task -> Arguments.of(task.getKey(), task.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tasks")
  void loaderIsCollectedAfterClose(String name, Task<Integer> task) {
    TaskExecutor executor = Interlock.builder().strategy("subinterpreters").workers(1).open();
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    WeakReference<InterpreterLoader> loader;
    try (executor) {
      for (int i = 0; i < 3; i++) {
        futures.add(executor.submit(task));
      }
      futures.forEach(future -> future.toCompletableFuture().exceptionally(failure -> 0).join());
      loader = loaderOf(executor);
      assertThat(loader.get()).isNotNull();
    }
    Waiting.await()
        .until(
            () -> {
              System.gc();
              return loader.get() == null;
            });
    // The futures and the executor are still in reach: they must not be what keeps it.
    assertThat(futures).allMatch(TaskFuture::isDone);
    assertThat(executor.isTerminated()).isTrue();
  }

  private static WeakReference<InterpreterLoader> loaderOf(TaskExecutor executor) {
    return new WeakReference<>(
        ((SubinterpreterExecutor) ExecutorHandle.behind(executor)).interpreters().get(0).loader());
  }

  @Test
  void fiftyExecutorsOneAfterTheOther() {
    List<WeakReference<InterpreterLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      try (TaskExecutor executor =
          Interlock.builder().strategy("subinterpreters").workers(1).open()) {
        assertThat(executor.submit(Jobs.counting()).join()).isEqualTo(1);
        loaders.add(loaderOf(executor));
      }
    }
    Waiting.await()
        .until(
            () -> {
              System.gc();
              return loaders.stream().allMatch(loader -> loader.get() == null);
            });
  }

  @Test
  void aShutdownHookRunsWhenItsInterpreterEnds() {
    System.clearProperty("hook-of-a-task");
    try (TaskExecutor executor = Interlock.builder().strategy("subinterpreters").open()) {
      executor.submit(Jobs.unloadable().get("shutdown hook")).join();
      assertThat(System.getProperty("hook-of-a-task")).isNull();
    }
    assertThat(System.clearProperty("hook-of-a-task")).isEqualTo("ran");
  }

  @Test
  void threadsLeftByTasksAreNamedInOneWarning(@TempDir Path directory) {
    Gate gate = new Gate(directory.resolve("gate").toString());
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    PrintStream err = System.err;
    WeakReference<InterpreterLoader> loader;
    System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    try (TaskExecutor executor =
        Interlock.builder().strategy("subinterpreters").workers(1).name("leaky").open()) {
      executor.submit(Jobs.leavingAThread(gate)).join();
      loader = loaderOf(executor);
    } finally {
      System.setErr(err);
    }
    try {
      assertThat(logged.toString(StandardCharsets.UTF_8))
          .containsOnlyOnce("leaky-interpreter-1 ends, but its code leaves")
          .contains("the thread left-by-a-task (dev.interlock.isolation.Jobs$$Lambda");
      System.gc();
      assertThat(loader.get()).isNotNull();
    } finally {
      gate.open();
    }
    Waiting.await()
        .until(
            () -> {
              System.gc();
              return loader.get() == null;
            });
  }
}
