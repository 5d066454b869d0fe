// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import static dev.interlock.examples.matrix.Recorded.cells;
import static dev.interlock.examples.matrix.Recorded.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.examples.matrix.Recommendation.Confidence;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdvisorTest {
  @Test
  void theFastestFarAheadIsRecommendedWithHighConfidence() {
    Recommendation advice =
        advise(
            "crunch",
            cells(
                raw("crunch", 100, 0, "1"),
                Map.of("a", raw("crunch", 50, 0, "1"), "b", raw("crunch", 90, 0, "1"))));
    assertThat(advice.strategy()).isEqualTo("a");
    assertThat(advice.confidence()).isEqualTo(Confidence.HIGH);
    assertThat(advice.reasons().get(0)).contains("a 50.0 ms", "2.00x sequential");
    assertThat(advice.reasons().get(1)).contains("44 % less time", "b 90.0 ms");
  }

  @Test
  void aSmallLeadGivesMediumConfidence() {
    Recommendation advice =
        advise(
            "crunch",
            cells(
                raw("crunch", 100, 0, "1"),
                Map.of("a", raw("crunch", 50, 0, "1"), "b", raw("crunch", 60, 0, "1"))));
    assertThat(advice.strategy()).isEqualTo("a");
    assertThat(advice.confidence()).isEqualTo(Confidence.MEDIUM);
  }

  @Test
  void withinNoiseThereIsNoClearWinner() {
    Recommendation advice =
        advise(
            "crunch",
            cells(
                raw("crunch", 100, 0, "1"),
                Map.of("a", raw("crunch", 50, 0, "1"), "b", raw("crunch", 52, 0, "1"))));
    assertThat(advice.strategy()).isNull();
    assertThat(advice.confidence().written()).isEqualTo("no clear winner");
    assertThat(advice.reasons().get(0)).contains("a 50.0 ms", "b 52.0 ms");
  }

  @Test
  void whenNoStrategyBeatsSequentialItSaysSo() {
    Recommendation advice =
        advise(
            "crunch",
            cells(
                raw("crunch", 100, 0, "1"),
                Map.of("a", raw("crunch", 97, 0, "1"), "b", raw("crunch", 300, 0, "1"))));
    assertThat(advice.strategy()).isEqualTo("sequential");
    assertThat(advice.confidence()).isEqualTo(Confidence.MEDIUM);
    assertThat(advice.reasons().get(0)).contains("No strategy beats sequential");
  }

  @Test
  void wrongResultsNeverWin() {
    List<Cell> cells =
        cells(
            raw("crunch", 100, 0, "1"),
            Map.of("fast", raw("crunch", 1, 0, "2"), "right", raw("crunch", 50, 0, "1")));
    assertThat(cells.get(1).status()).isEqualTo(CellStatus.FAILED);
    Recommendation advice = advise("crunch", cells);
    assertThat(advice.strategy()).isEqualTo("right");
    assertThat(advice.reasons()).anyMatch(reason -> reason.startsWith("Not fast: results differ"));
  }

  @Test
  void lostUpdatesAreCountedAndWhoCountsRightWins() {
    List<Cell> cells =
        cells(
            raw("increment", 10, 0, "1000"),
            Map.of(
                "locked", raw("increment", 12, 0, "1000"),
                "racy", raw("increment", 5, 0, "600", "900", "1000")));
    assertThat(cells.get(2).status()).isEqualTo(CellStatus.OK);
    assertThat(cells.get(2).resultsEqual()).isFalse();
    assertThat(cells.get(2).reason())
        .isEqualTo("lost 100 of 1,000 updates (10 %) in the median run; 2 of 3 runs wrong.");
    Recommendation advice = advise("increment", cells);
    assertThat(advice.strategy()).isEqualTo("locked");
    assertThat(advice.confidence()).isEqualTo(Confidence.HIGH);
    assertThat(advice.reasons()).anyMatch(reason -> reason.startsWith("Not racy: lost 100"));
  }

  @Test
  void afterACrashWhoSurvivesWins() {
    RawCell lost = RawCell.unmeasured("crash", CellStatus.FAILED, "the whole JVM is lost.");
    List<Cell> cells = cells(lost, Map.of("contained", raw("crash", 800, 0), "shared", lost));
    Recommendation advice = advise("crash", cells);
    assertThat(advice.strategy()).isEqualTo("contained");
    assertThat(advice.reasons()).contains("Tasks are lost with sequential, shared.");
  }

  @Test
  void encodedBytesAreNamedWhereTheyAreMany() {
    Recommendation advice =
        advise(
            "payload",
            cells(
                raw("payload", 20, 0, "1"),
                Map.of(
                    "copying", raw("payload", 700, 100_000_000, "1"),
                    "sharing", raw("payload", 10, 0, "1"))));
    assertThat(advice.strategy()).isEqualTo("sharing");
    assertThat(advice.reasons()).contains("Encoded per run: copying 100.0 MB; the others none.");
  }

  @Test
  void nothingMeasuredGivesNoAdvice() {
    RawCell failed = RawCell.unmeasured("crunch", CellStatus.FAILED, "it broke.");
    Recommendation advice =
        advise("crunch", cells(raw("crunch", 100, 0, "1"), Map.of("a", failed)));
    assertThat(advice.strategy()).isNull();
    assertThat(advice.confidence()).isEqualTo(Confidence.NONE);
    assertThat(advice.reasons()).contains("Not a: it broke.");
  }

  @Test
  void whoCountsRightByLuckIsNotRecommended() {
    Recommendation advice =
        advise(
            "increment",
            cells(
                raw("increment", 10, 0, "1000"),
                Map.of(
                    "locked", raw("increment", 12, 0, "1000"),
                    "racy", raw("increment", 5, 0, "1000"))));
    assertThat(advice.strategy()).isEqualTo("locked");
    assertThat(advice.reasons()).anyMatch(reason -> reason.startsWith("Not racy: no update"));
  }

  @Test
  void sparkIsNeverRecommendedByTimeButItIsSaidWhenToUseIt() {
    Recommendation advice =
        advise(
            "crunch",
            cells(
                raw("crunch", 100, 0, "1"),
                Map.of("pool", raw("crunch", 50, 0, "1"), "spark", raw("crunch", 20, 0, "1"))));
    assertThat(advice.strategy()).isEqualTo("pool");
    assertThat(advice.confidence()).isEqualTo(Confidence.HIGH);
    assertThat(advice.reasons())
        .containsExactly(
            "pool 50.0 ms (2.00x sequential).",
            "It takes 50 % less time than the next, sequential 100 ms.",
            "spark 20.0 ms (5.00x sequential) is not compared by time: use it for task sets larger"
                + " than one machine.");
  }

  @Test
  void sparkAloneIsNotRecommendedEither() {
    Recommendation advice =
        advise(
            "crunch",
            cells(raw("crunch", 100, 0, "1"), Map.of("spark", raw("crunch", 20, 0, "1"))));
    assertThat(advice.strategy()).isNull();
    assertThat(advice.confidence()).isEqualTo(Confidence.NONE);
    assertThat(advice.reasons().get(0)).startsWith("No strategy of one machine was measured");
    assertThat(advice.reasons().get(1)).startsWith("spark 20.0 ms (5.00x sequential) is not");
  }

  @Test
  void sequentialThatIsAsFastAsSparkIsEnough() {
    Recommendation advice =
        advise(
            "crunch",
            cells(raw("crunch", 100, 0, "1"), Map.of("spark", raw("crunch", 200, 0, "1"))));
    assertThat(advice.strategy()).isEqualTo("sequential");
    assertThat(advice.confidence()).isEqualTo(Confidence.HIGH);
    assertThat(advice.reasons()).hasSize(2);
  }

  @Test
  void afterACrashOneMachineComesBeforeACluster() {
    RawCell lost = RawCell.unmeasured("crash", CellStatus.FAILED, "the whole JVM is lost.");
    RawCell survived = raw("crash", 800, 0);
    assertThat(advise("crash", cells(lost, Map.of("pool", survived, "spark", survived))).strategy())
        .isEqualTo("pool");
    assertThat(advise("crash", cells(lost, Map.of("pool", lost, "spark", survived))).strategy())
        .isEqualTo("spark");
  }

  private static Recommendation advise(String tasks, List<Cell> cells) {
    return Advisor.advise(tasks, cells, Set.of("locked"));
  }
}
