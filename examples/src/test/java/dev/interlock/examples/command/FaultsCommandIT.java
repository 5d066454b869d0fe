// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class FaultsCommandIT {
  private static final int WIDTH = 80;

  @ParameterizedTest
  @ValueSource(strings = {"time-out", "crash", "start", "cancel", "life"})
  void everyFaultComesAsPromised(String group) throws Exception {
    Command.Ended ended = Command.run("faults", "--only=" + group);
    assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
    assertThat(ended.out()).contains("as promised").doesNotContain("NOT");
    assertThat(ended.out().lines()).allMatch(line -> line.length() <= WIDTH);
  }

  @Test
  void theListNamesEachFaultAndRunsNone() throws Exception {
    Command.Ended ended = Command.run("faults", "--list");
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).contains("endless-regex", "segmentation-fault", "parent-killed");
    assertThat(ended.out().lines()).allMatch(line -> line.length() <= WIDTH);
  }

  @Test
  void anUnknownFaultIsBadUsage() throws Exception {
    Command.run("faults", "--only=nonsense").assertRefused("nonsense", "faults --list");
  }
}
