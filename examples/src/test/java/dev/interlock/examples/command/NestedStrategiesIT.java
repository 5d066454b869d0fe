// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executors of all strategies inside tasks under the lock, instrumented. */
@Timeout(150)
class NestedStrategiesIT {
  @Test
  void eachGivesItsResultsAndTheLockComesBack() throws Exception {
    Command.Ended ended = Command.runWithAgent(NestedStrategies.class);
    assertThat(ended.code()).as(ended.err()).isZero();
    String sums = " " + 3 * 1_140; // of n (n - 1) / 2 for n below 20, in three tasks
    assertThat(ended.out().lines().toList())
        .isEqualTo(
            List.of(
                "gil-threading" + sums,
                "free-threaded" + sums,
                "subinterpreters" + sums,
                "process-pool" + sums));
  }
}
