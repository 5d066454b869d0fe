// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.increment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.examples.BadUsageException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IncrementReportTest {
  @Test
  void measuredFiguresStandBesideTheDocumentedOnes() {
    IncrementReport report =
        new IncrementReport(
            "gil-threading",
            2,
            100,
            List.of(
                new IncrementRow("5ms", 100, 100, 0, 0L, Documented.at(Duration.ofMillis(5))),
                new IncrementRow(
                    "500ns", 100, 72.5, 31, 1_204L, Documented.at(Duration.ofNanos(500))),
                new IncrementRow("1ns", 100, 80, 24, 1_310L, Documented.at(Duration.ofNanos(1))),
                new IncrementRow("1ms", 100, 100, 0, 0L, Documented.at(Duration.ofMillis(1)))),
            new LostUpdate(
                "500ns",
                "worker-2",
                14,
                "getstatic Counter.num",
                0,
                "putstatic Counter.num",
                5,
                56,
                List.of("worker-1"),
                57));
    assertThat(report.text())
        .isEqualTo(
            """
            2 threads of gil-threading, 100 submits of num++, 100 attempts; right: num is
            100 in the end.

            switch interval    right   lost updates   switches         CPython
            5ms                100 %              0          0           100 %
            500ns             72.5 %             31      1,204   71 % at 0.5us
            1ns                 80 %             24      1,310   84 % at 0.5ns
            1ms                100 %              0          0               -

            Switches: how often the lock changed hands inside an increment. CPython: as its
            users document it, not measured here.

            A lost update, at 500ns: worker-2 lost the lock between getstatic Counter.num
            (offset 0) and putstatic Counter.num (offset 5), line 14, when it had read 56.
            Meanwhile worker-1 wrote 57; then worker-2 wrote 57 over it.
            """);
  }

  @Test
  void withoutALockThereIsNoSwitch() {
    IncrementReport report =
        new IncrementReport(
            "free-threaded",
            4,
            100,
            List.of(new IncrementRow(null, 1_000, 99.7, 4, null, null)),
            null);
    assertThat(report.text())
        .contains("4 threads of free-threaded", " right   lost updates\n", "99.7 %", "no lock")
        .doesNotContain("CPython");
  }

  @ParameterizedTest
  @CsvSource({
    "5ms, PT0.005S, 5ms",
    "0.5us, PT0.0000005S, 500ns",
    "0.5ns, PT0S, 0ns",
    "1ns, PT0.000000001S, 1ns",
    "0, PT0S, 0ns",
    "2 s, PT2S, 2000ms",
    "250us, PT0.00025S, 250us",
  })
  void intervalsAreReadAndWritten(String text, Duration interval, String written) {
    assertThat(SwitchIntervals.parse(text)).isEqualTo(interval);
    assertThat(SwitchIntervals.written(interval)).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "soon", "-1ms", "5 days", "4000000ms", "1.2.3ms"})
  void whatIsNoIntervalIsRefused(String text) {
    assertThatThrownBy(() -> SwitchIntervals.parse(text))
        .isInstanceOf(BadUsageException.class)
        .hasMessageContaining("--switch-interval has '" + text + "'")
        .hasMessageContaining("5ms");
  }
}
