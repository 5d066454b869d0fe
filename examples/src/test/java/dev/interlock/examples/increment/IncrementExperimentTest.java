// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.increment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.ConfigurationException;
import dev.interlock.examples.BadUsageException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In a JVM without the agent; with it: {@code IncrementCommandIT}. */
@Timeout(120)
class IncrementExperimentTest {
  private static IncrementRequest request(String strategy, Duration... switchIntervals) {
    return new IncrementRequest(strategy, List.of(switchIntervals), 50, 2);
  }

  @Test
  void withoutALockUpdatesAreCountedAllTheSame() throws Exception {
    IncrementReport report = IncrementExperiment.run(request("free-threaded"));
    IncrementRow row = report.rows().get(0);
    assertThat(report.rows()).hasSize(1);
    assertThat(row.attempts()).isEqualTo(50);
    assertThat(row.switchInterval()).isNull();
    assertThat(row.switches()).isNull();
    assertThat(row.lostUpdates()).isBetween(0L, 50L * 99);
    assertThat(row.correctPercent() == 100).isEqualTo(row.lostUpdates() == 0);
    assertThat(report.lostUpdate()).isNull();
  }

  @Test
  void withoutTheAgentItSaysHowToHaveIt() {
    assertThatThrownBy(() -> IncrementExperiment.run(request("gil-threading")))
        .isInstanceOf(BadUsageException.class)
        .hasMessageContaining("this JVM has no agent")
        .hasMessageContaining("./interlock increment")
        .hasMessageContaining("-javaagent:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"process-pool", "subinterpreters"})
  void isolatedStrategiesAreRefused(String strategy) {
    assertThatThrownBy(() -> IncrementExperiment.run(request(strategy)))
        .isInstanceOf(BadUsageException.class)
        .hasMessageContaining("needs shared memory, which " + strategy + " does not have");
  }

  @Test
  void aSwitchIntervalNeedsALock() {
    assertThatThrownBy(() -> IncrementExperiment.run(request("free-threaded", Duration.ofNanos(1))))
        .isInstanceOf(BadUsageException.class)
        .hasMessageContaining("--switch-interval is for gil-threading");
  }

  @Test
  void anUnknownStrategyIsRefused() {
    assertThatThrownBy(() -> IncrementExperiment.run(request("warp")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no such strategy");
  }

  @Test
  void threadsWaitForEachOther() throws Exception {
    Meeting meeting = new Meeting(2);
    Thread other = new Thread(meeting::await);
    other.start();
    meeting.await();
    other.join();
  }
}
