// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.interlock.Capability;
import dev.interlock.ConfigurationException;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ThreadOptionsTest {

  private static Interlock.Builder builder() {
    return Interlock.builder().strategy("free-threaded").workers(2);
  }

  @Test
  void theStrategyIsFoundByNameAndSaysWhatItCanDo() {
    try (TaskExecutor executor = builder().open()) {
      assertThat(executor.strategy()).isEqualTo("free-threaded");
      assertThat(executor.capabilities())
          .containsExactlyInAnyOrder(
              Capability.SHARED_MEMORY, Capability.PARALLELISM, Capability.NESTED_SUBMIT);
    }
  }

  @Test
  void thereAreAsManyWorkersAsProcessorsByDefault() {
    try (TaskExecutor executor = Interlock.open("free-threaded")) {
      assertThat(executor.workers()).isEqualTo(Runtime.getRuntime().availableProcessors());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "spin-count, -1, a whole number from 0",
    "keep-alive, 0s, a duration from 1ms",
    "virtual-threads, maybe, 'one of auto, on, off'",
    "max-threads, 0, a whole number from 1",
    "max-threads, 1, 'at least the number of workers, which is 2'",
  })
  void aWrongValueIsNamedWithWhatIsAllowed(String key, String value, String allowed) {
    assertThatThrownBy(() -> builder().set("free-threaded." + key, value).open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.free-threaded." + key)
        .hasMessageContaining("'" + value + "'")
        .hasMessageContaining(allowed);
  }

  @Test
  @EnabledForJreRange(max = JRE.JAVA_20)
  void virtualThreadsOnIsAnErrorWhereTheJdkHasNone() {
    assertThatThrownBy(() -> builder().set("free-threaded.virtual-threads", "on").open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("JDK 21");
  }

  @Test
  void anIdleThreadEndsAfterKeepAliveAndAnotherOneStartsWhenNeeded() throws Exception {
    try (TaskExecutor executor = builder().set("free-threaded.keep-alive", "20ms").open()) {
      assertThat(executor.stats().workers()).isZero();
      for (int round = 1; round <= 3; round++) {
        assertThat(executor.submit(() -> 7).get()).isEqualTo(7);
        await().until(() -> executor.stats().workers() == 0);
        assertThat(executor.stats().workersStarted()).isGreaterThanOrEqualTo(round);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "100000"})
  void everySpinCountWorks(int spins) throws Exception {
    try (TaskExecutor executor = builder().set("free-threaded.spin-count", spins).open()) {
      for (int i = 0; i < 2_000; i++) {
        int n = i;
        assertThat(executor.submit(() -> n + 1).get()).isEqualTo(n + 1);
      }
    }
  }
}
