// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import dev.interlock.examples.matrix.Recommendation.Confidence;
import dev.interlock.examples.tasks.CrashTasks;
import dev.interlock.examples.tasks.IncrementTasks;
import dev.interlock.examples.tasks.StartupTasks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Draws one recommendation per task set from its measured cells.
 *
 * <p>The fastest of those with right results wins if it is ahead of the next beyond noise: see
 * {@link Samples#fasterThan}. Where sequential is within noise of the fastest, or ahead, it is
 * recommended: it needs no executor. It does not compete where there is nothing to compare: how
 * fast an executor starts, what survives a crash, who counts right. Spark never competes by time:
 * it is for task sets that are larger than one machine, which time on small ones does not show.
 */
final class Advisor {
  private static final double FAR_AHEAD = 0.25;
  private static final int FEW_RUNS = 3;
  private static final long NOTABLE_BYTES = 1_000_000;

  private Advisor() {}

  /**
   * Draws the recommendation.
   *
   * @param cells the cells of the task set
   * @param exclusive the strategies that run one task at a time
   */
  static Recommendation advise(String tasks, List<Cell> cells, Set<String> exclusive) {
    Recommendation advice = onOneMachine(tasks, cells, exclusive);
    return new Recommendation(
        tasks,
        advice.strategy(),
        advice.confidence(),
        with(
            advice.reasons(),
            tasks.equals(new CrashTasks().name()) ? List.of() : beyondOneMachine(cells)));
  }

  private static Recommendation onOneMachine(
      String tasks, List<Cell> cells, Set<String> exclusive) {
    if (tasks.equals(new CrashTasks().name())) {
      return onCrash(tasks, cells);
    }
    if (tasks.equals(new IncrementTasks().name())) {
      return onRace(tasks, cells, exclusive);
    }
    return bySpeed(tasks, cells);
  }

  /** Only a strategy that keeps tasks apart counts right for certain; another may by luck. */
  private static Recommendation onRace(String tasks, List<Cell> cells, Set<String> exclusive) {
    List<Cell> lucky =
        cells.stream()
            .filter(cell -> cell.isRight() && cell.runs() > 0 && !cell.isBaseline())
            .filter(cell -> !exclusive.contains(cell.strategy()))
            .toList();
    Recommendation advice =
        bySpeed(tasks, cells.stream().filter(cell -> !lucky.contains(cell)).toList());
    if (lucky.isEmpty()) {
      return advice;
    }
    String luck =
        "Not " + names(lucky.stream()) + ": no update was lost this time, but tasks overlap there.";
    return new Recommendation(
        tasks, advice.strategy(), advice.confidence(), with(advice.reasons(), List.of(luck)));
  }

  private static Recommendation bySpeed(String tasks, List<Cell> cells) {
    boolean baselineCompetes =
        !tasks.equals(new IncrementTasks().name()) && !tasks.equals(new StartupTasks().name());
    List<Cell> right =
        cells.stream()
            .filter(cell -> cell.isRight() && cell.samples().count() > 0)
            .filter(cell -> baselineCompetes || !cell.isBaseline())
            .filter(cell -> !isEngine(cell))
            .sorted(Comparator.comparingDouble(cell -> cell.samples().median()))
            .toList();
    if (right.stream().allMatch(Cell::isBaseline)) {
      return withoutRivals(tasks, right, cells);
    }
    Cell fastest = right.get(0);
    List<Cell> leaders =
        right.stream()
            .filter(cell -> cell.equals(fastest) || !fastest.samples().fasterThan(cell.samples()))
            .toList();
    if (leaders.stream().anyMatch(Cell::isBaseline)) {
      return sequential(tasks, right, leaders, cells);
    }
    return leaders.size() == 1 ? winner(tasks, right, cells) : tie(tasks, leaders, cells);
  }

  /** Nothing on one machine was measured, but perhaps sequential and the engine. */
  private static Recommendation withoutRivals(String tasks, List<Cell> baseline, List<Cell> cells) {
    List<Cell> engine =
        cells.stream()
            .filter(cell -> isEngine(cell) && cell.isRight() && cell.samples().count() > 0)
            .toList();
    if (!engine.isEmpty() && !baseline.isEmpty()) {
      Samples least = baseline.get(0).samples();
      Samples rival = engine.get(0).samples();
      if (!rival.fasterThan(least)) {
        List<Cell> both = with(baseline, engine);
        return sequential(tasks, both, least.fasterThan(rival) ? baseline : both, cells);
      }
    }
    String none =
        engine.isEmpty()
            ? "No strategy was measured."
            : "No strategy of one machine was measured; they come first.";
    return new Recommendation(tasks, null, Confidence.NONE, with(List.of(none), left(cells)));
  }

  private static Recommendation winner(String tasks, List<Cell> right, List<Cell> cells) {
    Cell best = right.get(0);
    List<String> reasons = new ArrayList<>();
    reasons.add(figures(best) + ".");
    Confidence confidence = Confidence.HIGH;
    if (right.size() > 1) {
      Cell next = right.get(1);
      double gain = best.samples().gainOver(next.samples());
      boolean sure = gain >= FAR_AHEAD && best.runs() >= FEW_RUNS && next.runs() >= FEW_RUNS;
      confidence = sure ? Confidence.HIGH : Confidence.MEDIUM;
      reasons.add(
          "It takes " + Figures.percent(gain) + " less time than the next, " + figures(next) + ".");
    }
    reasons.addAll(memory(best, right));
    return new Recommendation(
        tasks, best.strategy(), confidence, with(with(reasons, encoding(cells)), left(cells)));
  }

  private static Recommendation tie(String tasks, List<Cell> leaders, List<Cell> cells) {
    List<String> reasons = new ArrayList<>();
    reasons.add(
        "Within noise: "
            + leaders.stream().map(Advisor::figures).collect(Collectors.joining("; "))
            + ".");
    reasons.addAll(startsFastest(leaders));
    return new Recommendation(
        tasks, null, Confidence.NO_CLEAR_WINNER, with(with(reasons, encoding(cells)), left(cells)));
  }

  private static Recommendation sequential(
      String tasks, List<Cell> right, List<Cell> leaders, List<Cell> cells) {
    Cell fastest = right.get(0);
    Cell baseline = leaders.stream().filter(Cell::isBaseline).findFirst().orElseThrow();
    Cell rival = right.stream().filter(cell -> !cell.isBaseline()).findFirst().orElseThrow();
    boolean ahead = fastest.isBaseline() && leaders.size() == 1;
    List<String> reasons = new ArrayList<>();
    reasons.add(
        "No strategy beats sequential beyond noise: "
            + figures(baseline)
            + "; the fastest strategy is "
            + figures(rival)
            + ".");
    return new Recommendation(
        tasks,
        Cell.SEQUENTIAL,
        ahead ? Confidence.HIGH : Confidence.MEDIUM,
        with(with(reasons, encoding(cells)), left(cells)));
  }

  private static Recommendation onCrash(String tasks, List<Cell> cells) {
    List<Cell> survivors =
        cells.stream()
            .filter(cell -> cell.status() == CellStatus.OK && !cell.isBaseline())
            .toList();
    List<String> reasons = new ArrayList<>();
    for (Cell cell : survivors) {
      reasons.add(cell.strategy() + ": " + cell.reason());
    }
    String lost = names(cells.stream().filter(cell -> cell.status() == CellStatus.FAILED));
    if (!lost.isEmpty()) {
      reasons.add("Tasks are lost with " + lost + ".");
    }
    List<Cell> nearest = survivors.stream().filter(cell -> !isEngine(cell)).toList();
    List<Cell> best = nearest.isEmpty() ? survivors : nearest;
    return switch (best.size()) {
      case 0 -> new Recommendation(tasks, null, Confidence.NONE, reasons);
      case 1 -> new Recommendation(tasks, best.get(0).strategy(), Confidence.HIGH, reasons);
      default -> new Recommendation(tasks, null, Confidence.NO_CLEAR_WINNER, reasons);
    };
  }

  /** Whether it ran on an engine for many machines. */
  private static boolean isEngine(Cell cell) {
    return cell.strategy().equals(Spark.NAME);
  }

  /** When to use the engine for many machines, where it was measured. */
  private static List<String> beyondOneMachine(List<Cell> cells) {
    return cells.stream()
        .filter(cell -> isEngine(cell) && cell.isRight() && cell.samples().count() > 0)
        .map(
            cell ->
                figures(cell)
                    + " is not compared by time: use it for task sets larger than one machine.")
        .toList();
  }

  private static String figures(Cell cell) {
    String median = cell.strategy() + " " + Figures.millis(cell.samples().median());
    return cell.speedup() == null || cell.isBaseline()
        ? median
        : median + " (" + Figures.times(cell.speedup()) + " sequential)";
  }

  /** What crosses boundaries, where it is much. */
  private static List<String> encoding(List<Cell> cells) {
    String much =
        cells.stream()
            .filter(cell -> cell.encodedBytes() != null && cell.encodedBytes() >= NOTABLE_BYTES)
            .map(cell -> cell.strategy() + " " + Figures.bytes(cell.encodedBytes()))
            .collect(Collectors.joining(", "));
    return much.isEmpty() ? List.of() : List.of("Encoded per run: " + much + "; the others none.");
  }

  /** Why the others were not in the running. */
  private static List<String> left(List<Cell> cells) {
    return cells.stream()
        .filter(cell -> !cell.isRight())
        .collect(
            Collectors.groupingBy(
                cell -> Objects.requireNonNullElse(cell.reason(), "failed."),
                LinkedHashMap::new,
                Collectors.toList()))
        .entrySet()
        .stream()
        .map(entry -> "Not " + names(entry.getValue().stream()) + ": " + entry.getKey())
        .toList();
  }

  private static String names(Stream<Cell> cells) {
    return cells.map(Cell::strategy).collect(Collectors.joining(", "));
  }

  /** How a start-up winner does on memory. */
  private static List<String> memory(Cell best, List<Cell> right) {
    boolean startup = best.tasks().equals(new StartupTasks().name());
    if (!startup || best.rssBytesPerWorker() == null) {
      return List.of();
    }
    return List.of(
        "Resident per worker: "
            + right.stream()
                .map(cell -> cell.strategy() + " " + Figures.bytes(cell.rssBytesPerWorker()))
                .collect(Collectors.joining(", "))
            + ".");
  }

  /** Which of the leaders starts fastest. */
  private static List<String> startsFastest(List<Cell> leaders) {
    return leaders.stream()
        .filter(cell -> cell.startupMillis() != null)
        .min(Comparator.comparing(cell -> Objects.requireNonNull(cell.startupMillis())))
        .map(
            cell ->
                List.of(
                    "Of these, "
                        + cell.strategy()
                        + " starts fastest ("
                        + Figures.millis(cell.startupMillis())
                        + ")."))
        .orElse(List.of());
  }

  private static <T> List<T> with(List<T> some, List<T> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }
}
