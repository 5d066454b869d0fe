// SPDX-License-Identifier: Apache-2.0
package dev.interlock.underfire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In coarse mode a statement without a call is never cut in two, wherever its state lives. */
@Tag("instrumented")
@Timeout(60)
class StatementsUnderFireTest {
  private static final int TASKS = 4;
  private static final int INCREMENTS = 200_000;

  /** Statics of another class than the code that uses them. */
  static final class Elsewhere {
    static int number;
    static int[] numbers = new int[1];

    private Elsewhere() {}
  }

  private int number;

  @Test
  void incrementsAreNotLost() throws Exception {
    Elsewhere.number = 0;
    Elsewhere.numbers[0] = 0;
    try (Arena arena = new Arena(TASKS, Duration.ofNanos(1))) {
      do { // until the lock has changed hands in between
        arena.run(
            TASKS,
            0,
            () -> {
              for (int i = 0; i < INCREMENTS; i++) {
                number++;
                Elsewhere.number++;
                Elsewhere.numbers[0]++;
              }
            });
      } while (arena.gil.statistics().forcedDrops() < 100);
      int expected = number;
      assertThat(expected % (TASKS * INCREMENTS)).isZero();
      assertThat(Elsewhere.number).isEqualTo(expected);
      assertThat(Elsewhere.numbers[0]).isEqualTo(expected);
    }
  }
}
