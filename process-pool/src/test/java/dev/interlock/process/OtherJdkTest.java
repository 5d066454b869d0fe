// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Children of another Java than the parent's; run by both, this covers both directions. */
@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OtherJdkTest {
  private static TaskExecutor open() throws Exception {
    return TransportTest.warm(pool(1).set("process-pool.java-home", OtherJdk.home().toString()), 1);
  }

  record Order(String name, LocalDate due, List<Integer> parts) {}

  @Test
  void tasksAndResultsCrossBothWays() throws Exception {
    byte[] large = new byte[3 << 20];
    Arrays.fill(large, (byte) 7);
    Order order = new Order("one", LocalDate.of(2026, 11, 20), List.of(1, 2, 3));
    Map<String, EnumSet<TimeUnit>> units =
        new TreeMap<>(Map.of("units", EnumSet.of(TimeUnit.DAYS, TimeUnit.HOURS)));
    try (TaskExecutor executor = open()) {
      assertThat(executor.submit(() -> Runtime.version().feature()).get())
          .isNotEqualTo(Runtime.version().feature());
      assertThat(executor.submit(() -> order).get()).isEqualTo(order);
      assertThat(executor.submit(() -> units).get()).isEqualTo(units);
      assertThat(Arrays.equals(executor.submit(() -> large).get(), large)).isTrue();
      try (var doubled = executor.map(n -> 2 * n, List.of(1, 2, 3))) {
        assertThat(doubled).containsExactly(2, 4, 6);
      }
      assertThat(executor.submit(() -> Duration.ofMillis(1_500)).get())
          .isEqualTo(Duration.ofMillis(1_500));
    }
  }

  @Test
  void failuresCrossAndTheChildStays() throws Exception {
    try (TaskExecutor executor = open()) {
      List<TaskFuture<?>> failures = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        failures.add(executor.submit(() -> Files.readString(Path.of("/no/such/file"))));
      }
      for (TaskFuture<?> failure : failures) {
        assertThatThrownBy(failure::get)
            .cause()
            .isInstanceOfSatisfying(
                NoSuchFileException.class, e -> assertThat(e.getFile()).isEqualTo("/no/such/file"));
      }
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }
}
