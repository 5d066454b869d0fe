// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.examples.tasks.TaskSets;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.Strategies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandIT {
  static List<String> strategies() {
    return Strategies.find().all().stream().map(ExecutorProvider::strategy).toList();
  }

  @Test
  void withoutACommandItPrintsItsHelp() throws Exception {
    Command.Ended ended = Command.run();
    assertThat(ended.code()).isZero();
    assertThat(ended.out())
        .contains("Usage: interlock", "matrix", "run", "increment", "dis", "doctor");
    assertThat(ended.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"matrix", "run", "increment", "dis", "doctor"})
  void everyCommandHasHelpAndVersion(String name) throws Exception {
    Command.Ended help = Command.run(name, "--help");
    assertThat(help.out()).contains("Usage: interlock " + name);
    assertThat(help.code()).isZero();
    Command.Ended version = Command.run(name, "--version");
    assertThat(version.out()).containsPattern("interlock \\d+\\.\\d+");
    assertThat(version.code()).isZero();
  }

  @Test
  void badUsageIsOneSentenceAndExitCodeTwo(@TempDir Path dir) throws Exception {
    Path config = Files.writeString(dir.resolve("bad.conf"), "\n\ninterlock.wrokers = 3\n");
    Command.run("matrix", "--config", config.toString())
        .assertRefused("interlock.wrokers", "bad.conf: 3", "workers");
    Command.run("matrix", "-Dinterlock.workers=many", "--tasks=startup", "--quiet")
        .assertRefused("interlock.workers is 'many'", "system property");
  }

  @Test
  void theDoctorFindsEveryStrategyAndNothingMissing() throws Exception {
    Command.Ended ended = Command.run("doctor", "--format", "json");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isZero();
    assertThat(ended.json().get("healthy").asBoolean()).isTrue();
    assertThat(ended.json().get("strategies").findValuesAsText("name"))
        .containsExactlyElementsOf(strategies());
    assertThat(ended.json().get("spark").get("here").asBoolean()).isFalse();
    JsonNode agent = ended.json().get("gilAgent");
    assertThat(agent.get("state").asText()).isEqualTo("active");
    assertThat(agent.get("classesInstrumented").asInt()).isPositive();
    assertThat(agent.get("bracketed")).isNotEmpty();
    assertThat(agent.get("failures")).isEmpty();
  }

  @Test
  void theMatrixIsPureJsonAndEveryCellIsRight(@TempDir Path dir) throws Exception {
    Files.writeString(dir.resolve("some.txt"), "some words in a file");
    Command.Ended ended =
        Command.run(
            "matrix",
            "--quick",
            "--quiet",
            "--tasks=crunch,files,increment,crash,startup",
            "--workers=2",
            "--format=json",
            "--input=" + dir);
    assertThat(ended.err()).isEmpty();
    JsonNode json = ended.json();
    assertThat(json.get("cells")).hasSize(5 * (1 + strategies().size()));
    for (JsonNode cell : json.get("cells")) {
      boolean compared = Stream.of("crunch", "files").anyMatch(cell.get("tasks").asText()::equals);
      if (compared) {
        assertThat(cell.get("status").asText()).as(cell.toString()).isEqualTo("ok");
        assertThat(cell.get("resultsEqual").asBoolean()).as(cell.toString()).isTrue();
        assertThat(cell.get("runs").asInt()).isPositive();
        assertThat(cell.get("medianMillis").asDouble()).isPositive();
      }
    }
    assertThat(json.get("recommendations")).hasSize(5);
    assertThat(json.get("skipped")).hasSize(1);
    assertThat(json.get("skipped").get(0).get("strategy").asText()).isEqualTo("spark");
    assertThat(json.get("skipped").get(0).get("reason").asText())
        .contains("not on the class path", "--strategies spark");
    assertThat(ended.code()).isZero();
  }

  /** Classes of the examples and Interlock's own share one jar here, and only here. */
  @Test
  void everyTaskSetGivesEqualResultsInProcesses(@TempDir Path dir) throws Exception {
    Files.writeString(dir.resolve("some.txt"), "some words in a file, and some more words");
    Command.Ended ended =
        Command.run(
            "run",
            "--strategy=process-pool",
            "--quick",
            "--quiet",
            "--tasks=" + String.join(",", TaskSets.builtInNames()),
            "--workers=2",
            "--format=json",
            "--input=" + dir);
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isZero();
    Map<String, JsonNode> cells = new HashMap<>();
    for (JsonNode cell : ended.json().get("cells")) {
      if (cell.get("strategy").asText().equals("process-pool")) {
        cells.put(cell.get("tasks").asText(), cell);
      }
    }
    assertThat(cells.keySet()).containsExactlyInAnyOrderElementsOf(TaskSets.builtInNames());
    JsonNode increment = cells.remove("increment");
    assertThat(increment.get("status").asText()).isEqualTo("unsupported");
    assertThat(increment.get("reason").asText()).contains("no shared memory");
    JsonNode crash = cells.remove("crash");
    assertThat(crash.get("reason").asText()).startsWith("19 of 19 others survive");
    JsonNode startup = cells.remove("startup");
    assertThat(startup.get("startupMillis").asDouble()).isPositive();
    assertThat(List.of(crash, startup))
        .allSatisfy(cell -> assertThat(cell.get("status").asText()).isEqualTo("ok"));
    assertThat(cells.keySet()).contains("crunch", "fetch", "fetch-many", "mixed", "payload");
    cells.forEach(
        (name, cell) -> {
          assertThat(cell.get("status").asText()).as(cell.toString()).isEqualTo("ok");
          assertThat(cell.get("resultsEqual").asBoolean()).as(cell.toString()).isTrue();
        });
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void theReadmeProgramMovesByEnvironmentAlone(String strategy) throws Exception {
    Command.Ended ended =
        Command.runClass(
            "dev.interlock.examples.readme.Squares", Map.of("INTERLOCK_STRATEGY", strategy));
    assertThat(ended.out().lines()).containsExactly("333332833333500000", "2666664666667000000");
    assertThat(ended.code()).isZero();
  }

  @Test
  void aUsersOwnTaskSetIsMeasured(@TempDir Path dir) throws Exception {
    Path source = dir.resolve("Cubes.java");
    Files.writeString(
        source,
        """
        package com.acme;
        import dev.interlock.TaskFunction;
        import dev.interlock.examples.*;
        import java.util.List;
        public final class Cubes implements TaskSet<Integer, Cubes.Cube> {
          public record Cube(int side, long volume) {}
          public Load load() { return Load.CPU; }
          public List<Integer> inputs(TaskSetting setting) { return List.of(1, 2, 3); }
          public TaskFunction<Integer, Cube> function() { return Cubes::of; }
          static Cube of(int side) {
            System.out.println("this must not reach the report");
            return new Cube(side, (long) side * side * side);
          }
        }
        """);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String classPath = System.getProperty("java.class.path");
    int failed =
        compiler.run(
            null,
            null,
            null,
            "-d",
            dir.toString(),
            "-cp",
            classPath,
            "-proc:none",
            source.toString());
    assertThat(failed).isZero();
    Command.Ended ended =
        Command.run(
            "matrix",
            "--quick",
            "--quiet",
            "--tasks=com.acme.Cubes",
            "--classpath=" + dir,
            "--format=json");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.json().get("cells")).hasSize(1 + strategies().size());
    for (JsonNode cell : ended.json().get("cells")) {
      assertThat(cell.get("tasks").asText()).isEqualTo("Cubes");
      assertThat(cell.get("status").asText()).as(cell.toString()).isEqualTo("ok");
      assertThat(cell.get("resultsEqual").asBoolean()).as(cell.toString()).isTrue();
    }
    assertThat(ended.code()).isZero();
  }

  @Test
  void runMeasuresOneStrategyAndTheConfiguredOneByDefault(@TempDir Path dir) throws Exception {
    String strategy = strategies().get(0);
    Path report = dir.resolve("report.csv");
    Command.Ended ended =
        Command.run(
            "run",
            "-Dinterlock.strategy=" + strategy,
            "--tasks=startup",
            "--quick",
            "--quiet",
            "--format=csv",
            "--output=" + report);
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).isEmpty();
    assertThat(ended.code()).isZero();
    assertThat(Files.readAllLines(report)).hasSize(3);
    assertThat(Files.readAllLines(report).get(2)).startsWith("startup," + strategy + ",");
  }

  @Test
  void runShowsWhatTheInterpreterLockDid() throws Exception {
    String[] arguments = {
      "run", "--strategy=gil-threading", "--tasks=crunch", "--workers=2", "--quick", "--quiet"
    };
    Command.Ended text = Command.run(arguments);
    assertThat(text.out()).contains("\nINTERPRETER LOCK\n").containsPattern("\ncrunch +[1-9]");
    assertThat(text.out().lines()).allMatch(line -> line.length() <= 80);
    JsonNode json =
        Command.run(
                Stream.concat(Stream.of(arguments), Stream.of("--verbose", "--format=json"))
                    .toArray(String[]::new))
            .json();
    assertThat(json.get("cells").get(0).get("lock")).isNull();
    JsonNode lock = json.get("cells").get(1).get("lock");
    assertThat(lock.get("handOffs").asLong()).isPositive();
    assertThat(lock.get("heldMillis").asDouble()).isPositive();
    assertThat(lock.get("threads")).isNotEmpty();
    assertThat(lock.get("threads").findValuesAsText("thread")).anyMatch(name -> !name.isEmpty());
  }

  @Test
  void killedItLeavesNoProcessBehind() throws Exception {
    Process command = Command.start("matrix", "--tasks=fetch-many", "--quiet");
    List<ProcessHandle> descendants =
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> command.descendants().toList(), list -> !list.isEmpty());
    command.destroyForcibly();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> descendants.stream().noneMatch(ProcessHandle::isAlive));
  }
}
