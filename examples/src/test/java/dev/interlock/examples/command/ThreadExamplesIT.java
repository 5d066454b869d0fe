// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The small programs about threads, as users run them. */
@Timeout(120)
class ThreadExamplesIT {
  private static String run(String program) throws Exception {
    Command.Ended ended = Command.runClass("dev.interlock.examples.threads." + program, Map.of());
    assertThat(ended.code()).as(ended.err()).isZero();
    return ended.out();
  }

  @Test
  void transfersInSectionsLoseNothing() throws Exception {
    assertThat(run("Transfers").lines())
        .containsExactly(
            "two deposits of 1 that meet: 1 arrived", "lost in 200000 transfers in sections: 0");
  }

  @Test
  void aContextGoesWithEachTask() throws Exception {
    assertThat(run("RequestContext").lines())
        .containsExactly("[r-1] reads", "[r-1] writes", "[r-2] reads", "[r-2] writes", "[null]");
  }

  @Test
  void incrementsAreLostOrCountedAsSaid() throws Exception {
    assertThat(run("WithoutTheLock").lines())
        .containsExactly(
            "plain, both have read before one writes: 1 of 2",
            "atomic: 200000, adder: 200000",
            "exchanged: 42");
  }
}
