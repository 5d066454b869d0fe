// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The small programs about child JVMs, as users run them. */
@Timeout(120)
class ProcessExamplesIT {
  private static String run(String program) throws Exception {
    Command.Ended ended = Command.runClass("dev.interlock.examples.processes." + program, Map.of());
    assertThat(ended.code()).as(ended.err()).isZero();
    return ended.out();
  }

  @Test
  void anEndlessMatchIsStoppedAndTheNextOneSucceeds() throws Exception {
    assertThat(run("TimeOut").lines())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("stopped: ").contains("hard time-out"),
            second -> assertThat(second).isEqualTo("matches: true"));
  }

  @Test
  void aCrashCostsOneTaskOfTen() throws Exception {
    assertThat(run("Crash").lines())
        .hasSize(10)
        .contains("1", "4", "81", "100")
        .contains("died of exit code 42: about to take the JVM down");
  }

  @Test
  void whoNeedsMoreThanTheHeapDiesAlone() throws Exception {
    assertThat(run("MemoryLimit").lines())
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("10 MiB allocated"),
            second -> assertThat(second).startsWith("1000 MiB: died of exit code 3"),
            why -> assertThat(why).contains("OutOfMemoryError"),
            third -> assertThat(third).isEqualTo("20 MiB allocated"));
  }

  @Test
  void largeArraysComeBackChanged() throws Exception {
    long sum = -(1L << 22) * ((1L << 23) - 1);
    assertThat(run("LargePayload").lines())
        .hasSize(5)
        .allMatch(line -> line.startsWith("sum " + sum + ", "));
  }
}
