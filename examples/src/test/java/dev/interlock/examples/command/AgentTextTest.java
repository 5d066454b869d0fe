// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.gil.agent.AgentCoverage;
import dev.interlock.gil.agent.AgentState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AgentTextTest {
  private static final AgentCoverage COVERAGE =
      new AgentCoverage(
          AgentState.ACTIVE,
          1_490,
          new TreeMap<>(Map.of("of Interlock", 9L, "nothing to insert", 92L)),
          Map.of("com.acme.Odd", "it has a version that ASM does not know"),
          List.of("com.acme.Kernel.multiply([D)V"),
          List.of(),
          Set.of("java.io.FileInputStream.read()I", "java.lang.Process.waitFor()I"),
          Map.of("java.lang.Thread.sleep0(J)V", "not in this JDK"),
          Set.of("directory watch"));

  @Test
  void whatIsCoveredIsCountedAndWhatIsNotIsNamed() {
    assertThat(new AgentText(COVERAGE, /* verbose= */ false).lines())
        .containsExactly(
            "Switches in any code: the agent instruments it.",
            "Loaded classes with checks: 1,490; without: 92 nothing to",
            "insert, 9 of Interlock.",
            "Classes that could not be instrumented: 1:",
            "  com.acme.Odd: it has a version that ASM does not know",
            "Methods too long for checks: none.",
            "Native methods, in which a thread keeps the lock: 1.",
            "Methods of the JDK that drop the lock while they block: 2.",
            "Such methods of other JDKs: 1.",
            "On this JDK a thread keeps the lock in: directory watch.");
  }

  @Test
  void everythingIsNamedOnRequest() {
    assertThat(new AgentText(COVERAGE, /* verbose= */ true).lines())
        .contains(
            "  com.acme.Kernel.multiply([D)V",
            "  java.io.FileInputStream.read()I",
            "  java.lang.Thread.sleep0(J)V: not in this JDK");
  }

  @Test
  void withoutAnAgentItSaysHowToHaveOne() {
    AgentCoverage absent =
        new AgentCoverage(
            AgentState.ABSENT,
            0,
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            Set.of(),
            Map.of(),
            Set.of());
    assertThat(String.join(" ", new AgentText(absent, /* verbose= */ false).lines()))
        .contains("there is no agent", "-javaagent:");
  }
}
