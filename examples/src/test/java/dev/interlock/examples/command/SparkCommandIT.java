// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command with Spark on its class path. */
@Timeout(180)
class SparkCommandIT {
  private static final String NOBODY = "spark://127.0.0.1:1";

  /** Keeps Spark off this machine's other addresses, and each JVM too small for its driver. */
  private static final Map<String, String> SMALL =
      Map.of("SPARK_LOCAL_IP", "127.0.0.1", "JDK_JAVA_OPTIONS", "-Xmx300m");

  private static Command.Ended run(String... arguments) throws Exception {
    return Command.runWithSpark("dev.interlock.examples.Main", SMALL, arguments);
  }

  @Test
  void cellsOfLocalModeAreMeasuredOrSayWhyNot() throws Exception {
    Command.Ended ended =
        run(
            "matrix",
            "--strategies=spark",
            "--master=local[2]",
            "--tasks=crunch,increment,crash",
            "--quick",
            "--quiet",
            "--format=json");
    assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
    JsonNode json = ended.json();
    assertThat(json.get("skipped")).isEmpty();
    assertThat(json.get("machine").get("settings").get("spark").asText()).isEqualTo("local[2]");
    assertThat(json.get("cells").findValuesAsText("strategy"))
        .containsExactly("sequential", "spark", "sequential", "spark", "sequential", "spark");
    JsonNode crunch = json.get("cells").get(1);
    assertThat(crunch.get("status").asText()).as(crunch.toString()).isEqualTo("ok");
    assertThat(crunch.get("resultsEqual").asBoolean()).isTrue();
    assertThat(crunch.get("runs").asInt()).isPositive();
    JsonNode increment = json.get("cells").get(3);
    assertThat(increment.get("status").asText()).isEqualTo("unsupported");
    assertThat(increment.get("reason").asText()).contains("no shared memory");
    JsonNode crash = json.get("cells").get(5);
    assertThat(crash.get("status").asText()).isEqualTo("failed");
    assertThat(crash.get("reason").asText()).contains("the whole JVM is lost");
  }

  @Test
  void aMasterThatIsNotThereFailsEveryCellWithOneReason() throws Exception {
    Command.Ended ended =
        run(
            "run",
            "--strategy=spark",
            "--master=" + NOBODY,
            "--tasks=startup,crunch",
            "--quick",
            "--quiet",
            "--format=json");
    assertThat(ended.code()).isEqualTo(1);
    for (JsonNode cell :
        List.of(ended.json().get("cells").get(1), ended.json().get("cells").get(3))) {
      assertThat(cell.get("status").asText()).isEqualTo("failed");
      assertThat(cell.get("reason").asText()).contains("no master answers at " + NOBODY);
    }
  }

  @Test
  void theDoctorKnowsTheVersionAndAsksTheMaster() throws Exception {
    Command.Ended well = run("doctor");
    assertThat(well.code()).as(well.out() + well.err()).isZero();
    assertThat(well.out())
        .containsPattern("\nspark +ready, ")
        .containsPattern("Spark 4[.0-9]+, master local\\[\\*\\]");
    Command.Ended ill = run("doctor", "--master=" + NOBODY, "--format=json");
    assertThat(ill.code()).isEqualTo(1);
    assertThat(ill.json().get("spark").get("master").asText()).isEqualTo(NOBODY);
    assertThat(ill.json().get("missing")).hasSize(1);
    assertThat(ill.json().get("missing").get(0).asText()).contains("answers at " + NOBODY);
  }

  @Test
  void theReadmeProgramMovesToSparkByEnvironmentAlone() throws Exception {
    Command.Ended ended =
        Command.runWithSpark(
            "dev.interlock.examples.readme.Squares",
            Map.of("SPARK_LOCAL_IP", "127.0.0.1", "INTERLOCK_STRATEGY", "spark"));
    assertThat(ended.out().lines()).containsExactly("333332833333500000", "2666664666667000000");
    assertThat(ended.code()).as(ended.err()).isZero();
  }
}
