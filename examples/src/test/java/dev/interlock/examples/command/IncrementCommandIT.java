// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The experiment in the real command, which has the agent. Figures are never the point. */
@Timeout(300)
class IncrementCommandIT {
  private static JsonNode run(String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("increment", "--format=json"));
    arguments.addAll(List.of(options));
    Command.Ended ended = Command.run(arguments.toArray(String[]::new));
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isZero();
    return ended.json();
  }

  @Test
  void everyAnswerIsRightAtFiveMilliseconds() throws Exception {
    JsonNode row;
    do { // a machine that stops a running thread for five milliseconds forces a switch
      row = run("--switch-interval=5ms", "--attempts=50").get("rows").get(0);
    } while (row.get("switches").asLong() > 0);
    assertThat(row.get("switchInterval").asText()).isEqualTo("5ms");
    assertThat(row.get("attempts").asInt()).isEqualTo(50);
    assertThat(row.get("correctPercent").asDouble()).isEqualTo(100);
    assertThat(row.get("lostUpdates").asLong()).isZero();
    assertThat(row.get("documented").get("correctPercent").asInt()).isEqualTo(100);
  }

  /** Until the first wrong answer; the time-out of the class ends a vain search. */
  @Test
  void updatesAreLostAtTinyIntervals() throws Exception {
    JsonNode report;
    long lost;
    do {
      report = run("--switch-interval=500ns,1ns", "--attempts=300");
      lost = 0;
      for (JsonNode row : report.get("rows")) {
        lost += row.get("lostUpdates").asLong();
        assertThat(row.get("correctPercent").asDouble() < 100)
            .isEqualTo(row.get("lostUpdates").asLong() > 0);
        assertThat(row.get("lostUpdates").asLong() == 0 || row.get("switches").asLong() > 0)
            .isTrue();
      }
    } while (lost == 0);
    JsonNode one = report.get("lostUpdate");
    assertThat(one.get("read").asText()).isEqualTo("getstatic Counter.num");
    assertThat(one.get("readOffset").asInt()).isZero();
    assertThat(one.get("write").asText()).isEqualTo("putstatic Counter.num");
    assertThat(one.get("writeOffset").asInt()).isEqualTo(5);
    assertThat(one.get("line").asInt()).isPositive();
    assertThat(one.get("meanwhile").asInt()).isNotEqualTo(one.get("value").asInt());
    assertThat(one.get("others")).hasSize(1);
    assertThat(one.get("others").get(0).asText()).isNotEqualTo(one.get("thread").asText());
  }

  @Test
  void oneThreadLosesNothing() throws Exception {
    JsonNode row = run("--threads=1", "--switch-interval=0").get("rows").get(0);
    assertThat(row.get("correctPercent").asDouble()).isEqualTo(100);
    assertThat(row.get("switches").asLong()).isZero();
  }
}
