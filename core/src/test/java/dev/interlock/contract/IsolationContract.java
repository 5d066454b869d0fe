// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Capability;
import dev.interlock.TaskFuture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** I: what tasks share and what they do not. */
interface IsolationContract extends Subject {

  /** Plain statics, which are visible or not as the strategy has it. */
  final class State {
    static String value;

    private State() {}
  }

  /** A switch may come at the end of a step, never within one: nothing there lets one in. */
  final class Unguarded {
    static final int STEPS = 100_000;

    private volatile int value;

    private void count() {
      for (int i = 0; i < STEPS; i++) {
        int before = value;
        value = before + 1;
      }
    }
  }

  @Test
  default void required_I1_writesAreVisibleToWhoSeesTheFutureDone() throws Exception {
    needs(Capability.SHARED_MEMORY);
    for (int i = 1; i <= 1_000; i++) {
      int[] cell = new int[1];
      int number = i;
      TaskFuture<?> future =
          executor()
              .submit(
                  () -> {
                    cell[0] = number;
                  });
      if (i % 2 == 0) {
        Waiting.get(future);
      } else {
        while (!future.isDone()) {
          Thread.onSpinWait();
        }
      }
      assertThat(cell[0]).isEqualTo(number);
    }
  }

  @Test
  default void required_I1_argumentsAndResultsAreTheObjectsThemselves() throws Exception {
    needs(Capability.SHARED_MEMORY);
    Object argument = new Object();
    assertThat(Waiting.get(executor().submit(() -> argument))).isSameAs(argument);
    State.value = "set by the submitter";
    try {
      assertThat(Waiting.get(executor().submit(() -> State.value)))
          .isEqualTo("set by the submitter");
    } finally {
      State.value = null;
    }
  }

  @Test
  default void required_I1_oneThreadRunsTaskCodeAtAnyInstant() throws Exception {
    needs(Capability.MUTUAL_EXCLUSION);
    int tasks = 300;
    Unguarded counter = new Unguarded();
    List<TaskFuture<?>> futures = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      futures.add(executor().submit(counter::count));
    }
    Waiting.getAll(futures);
    assertThat(counter.value)
        .as("increments that no other thread's fell into")
        .isEqualTo(tasks * Unguarded.STEPS);
  }

  @Test
  default void required_I2_staticsOfAWorkerAreNotVisibleElsewhere() throws Exception {
    needs(Capability.ISOLATED_STATE);
    State.value = "the submitter's";
    Gate changed = gate();
    Gate seen = gate();
    try {
      TaskFuture<String> changing =
          executor()
              .submit(
                  () -> {
                    String before = State.value;
                    State.value = "a worker's";
                    changed.open();
                    seen.hold();
                    State.value = null;
                    return before;
                  });
      TaskFuture<String> looking =
          executor()
              .submit(
                  () -> {
                    changed.hold();
                    return State.value;
                  });
      assertThat(Waiting.get(looking)).as("seen in another worker").isNull();
      seen.open();
      assertThat(Waiting.get(changing)).as("seen before the change").isNull();
      assertThat(State.value).isEqualTo("the submitter's");
    } finally {
      State.value = null;
    }
  }

  @Test
  default void required_I2_argumentsAndResultsAreCopies() throws Exception {
    needs(Capability.COPIED_TASKS);
    List<String> words = new ArrayList<>(List.of("own"));
    List<String> result =
        Waiting.get(
            executor()
                .submit(
                    () -> {
                      words.add("theirs");
                      return words;
                    }));
    assertThat(words).containsExactly("own");
    assertThat(result).containsExactly("own", "theirs").isNotSameAs(words);
  }
}
