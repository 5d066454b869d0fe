// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.examples.tasks.TaskSets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DisCommandTest {
  static List<String> taskSets() {
    return TaskSets.builtInNames();
  }

  @ParameterizedTest
  @MethodSource("taskSets")
  void theFunctionOfATaskSetIsShownByItsName(String name) {
    InProcess shown = InProcess.execute("dis", name);
    assertThat(shown.code()).isZero();
    assertThat(shown.err()).isEmpty();
    assertThat(shown.out()).startsWith("dev.interlock.examples.").contains("return");
    assertThat(shown.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void theIncrementIsFourInstructions() throws Exception {
    InProcess shown = InProcess.execute("dis", "increment", "--format", "json");
    JsonNode json = shown.json();
    assertThat(json.get("className").asText())
        .isEqualTo("dev.interlock.examples.increment.Counter");
    assertThat(json.get("body").asText()).isEqualTo("bytecode");
    assertThat(json.get("instructions").findValuesAsText("mnemonic"))
        .containsExactly("getstatic", "iconst_1", "iadd", "putstatic", "return");
    assertThat(json.get("instructions").findValuesAsText("offset"))
        .containsExactly("0", "3", "4", "5", "8");
    assertThat(json.get("instructions").get(0).get("meaning").asText())
        .isEqualTo("Counter.num: int");
  }

  @Test
  void oneModeCanBeMarkedAlone() {
    assertThat(InProcess.execute("dis", "increment", "--mode", "fine").out())
        .contains("\nF: the lock can change hands")
        .doesNotContain("C, F:");
  }

  @Test
  void aUsersOwnClassIsRead(@TempDir Path dir) throws Exception {
    Path source = dir.resolve("Bar.java");
    Files.writeString(
        source,
        """
        package com.acme;
        class Bar {
          static { if (true) throw new IllegalStateException("initialized"); }
          int baz(int by) { return by * 2; }
        }
        """);
    ToolProvider.getSystemJavaCompiler()
        .run(null, null, null, "-d", dir.toString(), "-proc:none", source.toString());
    Path output = dir.resolve("listing.txt");
    InProcess shown =
        InProcess.execute("dis", "com.acme.Bar#baz", "--classpath=" + dir, "--output=" + output);
    assertThat(shown.out()).isEmpty();
    assertThat(shown.err()).isEmpty();
    assertThat(Files.readString(output)).contains("com.acme.Bar#baz(int), Bar.java", "imul");
  }
}
