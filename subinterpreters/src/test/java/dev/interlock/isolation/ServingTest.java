// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Blocking;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.contract.Gate;
import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Waiting;
import dev.interlock.subinterpreter.Interpreters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How the interpreters of an executor share its tasks: several in an inbox, several threads. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class ServingTest {
  @TempDir Path directory;

  private static Interlock.Builder builder(int workers) {
    return Interlock.builder().strategy("subinterpreters").workers(workers);
  }

  @Test
  void whatIsBehindALongTaskIsBegunByAnInterpreterWithoutWork() throws Exception {
    Gate gate = new Gate(directory.resolve("gate").toString());
    try (TaskExecutor executor = builder(2).set("subinterpreters.prefetch", 16).open()) {
      Waiting.get(executor.submit(Jobs::count));
      List<TaskFuture<Integer>> held = new ArrayList<>();
      held.add(executor.submit(() -> Jobs.hold(gate)));
      List<TaskFuture<Integer>> others = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        others.add(executor.submit(() -> number));
      }
      assertThat(Waiting.getAll(others)).isEqualTo(IntStream.range(0, 200).boxed().toList());
      assertThat(held.get(0).isDone()).isFalse();
      gate.open();
      Waiting.getAll(held);
    }
  }

  @RepeatedTest(5)
  void noTaskIsLostOrDoubledWhenInterpretersEndAllTheTime() throws Exception {
    try (TaskExecutor executor =
        builder(3)
            .set("subinterpreters.prefetch", 64)
            .set("subinterpreters.recycle.after-tasks", 7)
            .open()) {
      List<TaskFuture<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        int number = i;
        futures.add(executor.submit(() -> number));
      }
      assertThat(Waiting.getAll(futures)).isEqualTo(IntStream.range(0, 500).boxed().toList());
      assertThat(executor.stats().completed()).isEqualTo(500);
      assertThat(executor.stats().workersLost()).isZero();
    }
  }

  @Test
  void threadsOfOneInterpreterShareItsClassesAndRunOneAtATime() throws Exception {
    Gate gate = new Gate(directory.resolve("gate").toString());
    try (TaskExecutor executor =
        builder(1).set("subinterpreters.threads-per-interpreter", 3).open()) {
      Gate counted = new Gate(directory.resolve("counted").toString());
      TaskFuture<Integer> blocked =
          executor.submit(
              () -> {
                Jobs.count();
                counted.open();
                return Blocking.call(() -> Jobs.hold(gate));
              });
      counted.hold();
      List<TaskFuture<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        counts.add(
            executor.submit(
                () -> {
                  int before = Jobs.counter;
                  for (int spin = 0; spin < 1_000; spin++) {
                    Thread.onSpinWait();
                  }
                  Jobs.counter = before + 1; // would get lost if another one ran meanwhile
                  return Jobs.counter;
                }));
      }
      assertThat(new HashSet<>(Waiting.getAll(counts))).hasSize(30);
      assertThat(blocked.isDone()).isFalse();
      gate.open();
      Waiting.get(blocked);
      assertThat(Waiting.get(executor.submit(() -> Jobs.counter))).isEqualTo(31);
    }
  }

  @Test
  void tasksThatWaitForEachOtherRunInTheThreadsOfOneInterpreter() throws Exception {
    Gate first = new Gate(directory.resolve("first").toString());
    Gate second = new Gate(directory.resolve("second").toString());
    try (TaskExecutor executor =
        builder(1).set("subinterpreters.threads-per-interpreter", 2).open()) {
      TaskFuture<Integer> one =
          executor.submit(
              () -> {
                first.open();
                return Blocking.call(() -> Jobs.hold(second));
              });
      TaskFuture<Integer> other =
          executor.submit(
              () -> {
                Blocking.call(() -> Jobs.hold(first));
                second.open();
                return 1;
              });
      Waiting.get(one);
      Waiting.get(other);
    }
  }

  @Test
  void aCheckpointPassesTheLockToTheThreadThatHasWaitedLongest() throws Exception {
    Gate begun = new Gate(directory.resolve("begun").toString());
    try (TaskExecutor executor =
        builder(1)
            .set("subinterpreters.threads-per-interpreter", 2)
            .set("subinterpreters.switch-interval", "1ms")
            .open()) {
      TaskFuture<Integer> spins =
          executor.submit(
              () -> {
                begun.open();
                int rounds = 0;
                while (Jobs.counter == 0 && !Thread.currentThread().isInterrupted()) {
                  Interpreters.checkpoint();
                  rounds++;
                }
                return rounds;
              });
      begun.hold();
      Waiting.get(executor.submit(Jobs::count));
      assertThat(Waiting.get(spins)).isPositive();
    }
  }
}
