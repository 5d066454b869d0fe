// SPDX-License-Identifier: Apache-2.0
package dev.interlock.underfire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.gil.Gil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The policy of CPython before 3.2: the lock changes hands after so many bytecodes. */
@Tag("instrumented")
@Timeout(60)
class CheckIntervalUnderFireTest {
  private static final int THREADS = 2;
  private static final int ROUNDS = 2_000;

  /** Who runs, guarded by the interpreter lock: appended to in each round of each task. */
  private int[] runners;

  private int length;

  @Test
  void turnsAreEquallyLongInBytecodes() throws Exception {
    List<Integer> turns = new ArrayList<>();
    for (int attempt = 0; attempt < 3; attempt++) {
      turns.addAll(turns());
    }
    // The first and the last turns overlap with what begins and ends. A round is so many bytecodes
    // that a turn of a thousand has a few dozen, give or take one for where it begins.
    assertThat(turns).hasSizeGreaterThan(20);
    int usual = turns.stream().sorted().skip(turns.size() / 2).findFirst().orElseThrow();
    assertThat(turns).allMatch(turn -> Math.abs(turn - usual) <= 1);
  }

  private List<Integer> turns() throws Exception {
    try (TaskExecutor executor =
        Interlock.builder()
            .strategy("gil-threading")
            .workers(THREADS)
            .set("gil-threading.policy", "check-interval")
            .set("gil-threading.check-interval", 1_000)
            .open()) {
      runners = new int[THREADS * ROUNDS];
      length = 0;
      AtomicInteger here = new AtomicInteger();
      List<TaskFuture<?>> futures = new ArrayList<>();
      for (int number = 0; number < THREADS; number++) {
        int me = number;
        futures.add(executor.submit(() -> run(me, here)));
      }
      for (TaskFuture<?> future : futures) {
        future.get();
      }
      assertThat(Gil.of(executor).statistics().forcedDrops()).isPositive();
      return inner(lengths());
    }
  }

  private void run(int me, AtomicInteger here) {
    here.incrementAndGet();
    while (here.get() < THREADS) {
      Thread.onSpinWait();
    }
    for (int round = 0; round < ROUNDS; round++) {
      runners[length++] = me;
    }
  }

  /** How many rounds each turn had, in their order. */
  private List<Integer> lengths() {
    List<Integer> lengths = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= length; i++) {
      if (i == length || runners[i] != runners[from]) {
        lengths.add(i - from);
        from = i;
      }
    }
    return lengths;
  }

  /** Without those in which one thread alone was there. */
  private static List<Integer> inner(List<Integer> lengths) {
    return lengths.size() < 6 ? List.of() : lengths.subList(2, lengths.size() - 3);
  }
}
