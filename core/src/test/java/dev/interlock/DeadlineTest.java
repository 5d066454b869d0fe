// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.contract.Waiting;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  @Test
  void passesOnceItsTimeIsOver() {
    Deadline deadline = Deadline.after(Duration.ofMillis(5));
    Waiting.await().until(deadline::hasPassed);
    assertThat(deadline.remainingNs()).isLessThanOrEqualTo(0);
    assertThat(deadline.limit()).isEqualTo(Duration.ofMillis(5));
    assertThat(Deadline.after(Duration.ZERO).hasPassed()).isTrue();
  }

  @Test
  void longestDurationNeverPasses() {
    Deadline deadline = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE));
    assertThat(deadline.hasPassed()).isFalse();
    assertThat(deadline.remainingNs()).isPositive();
  }

  @Test
  void negativeDurationsAreRefused() {
    assertThatThrownBy(() -> Deadline.after(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("timeout is PT-0.001S, but must be zero or positive");
    assertThatThrownBy(() -> Deadline.after(Duration.ofSeconds(Long.MIN_VALUE)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
