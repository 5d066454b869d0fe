// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TaskOptionsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void eachWitherSetsOneThing() {
    TaskOptions all =
        TaskOptions.defaults()
            .withSoftTimeout(SECOND)
            .withHardTimeout(SECOND.multipliedBy(2))
            .withProgressTimeout(SECOND.multipliedBy(3))
            .withTotalTimeout(SECOND.multipliedBy(4))
            .withMaxAttempts(5);
    assertThat(all)
        .isEqualTo(
            new TaskOptions(
                SECOND, SECOND.multipliedBy(2), SECOND.multipliedBy(3), SECOND.multipliedBy(4), 5));
    assertThat(TaskOptions.defaults()).isEqualTo(new TaskOptions(null, null, null, null, 0));
  }

  @Test
  void whatIsNotSetComesFromTheDefaults() {
    TaskOptions configured =
        TaskOptions.defaults().withSoftTimeout(SECOND).withTotalTimeout(SECOND).withMaxAttempts(2);
    TaskOptions own = TaskOptions.defaults().withSoftTimeout(TaskOptions.OFF);
    assertThat(own.orElse(configured))
        .isEqualTo(configured.withSoftTimeout(TaskOptions.OFF))
        .isNotEqualTo(configured);
    assertThat(TaskOptions.defaults().orElse(configured)).isEqualTo(configured);
  }

  @Test
  void badValuesNameKeyValueAndRange() {
    TaskOptions options = TaskOptions.defaults();
    assertThatThrownBy(() -> options.withSoftTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "softTimeout is PT0S, but must be from PT0.001S to PT8760H, or TaskOptions.OFF for"
                + " none");
    assertThatThrownBy(() -> options.withHardTimeout(SECOND.negated()))
        .hasMessageStartingWith("hardTimeout is PT-1S, but must be from");
    assertThatThrownBy(() -> options.withProgressTimeout(Duration.ofMillis(99)))
        .hasMessageStartingWith("progressTimeout is PT0.099S, but must be from PT0.1S");
    assertThatThrownBy(() -> options.withTotalTimeout(Duration.ofDays(366)))
        .hasMessageStartingWith("totalTimeout is PT8784H");
    assertThatThrownBy(() -> options.withMaxAttempts(0))
        .hasMessage("maxAttempts is 0, but must be from 1 to 100");
    assertThatThrownBy(() -> new TaskOptions(null, null, null, null, 101))
        .hasMessageStartingWith("maxAttempts is 101");
  }
}
