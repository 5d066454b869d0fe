// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import dev.interlock.Capability;
import dev.interlock.examples.TaskSet;
import dev.interlock.examples.tasks.CrashTasks;
import dev.interlock.examples.tasks.LatencyServer;
import dev.interlock.spi.ExecutorProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Measures every task set on every strategy, one after the other, and draws conclusions. */
public final class MatrixRun {
  private final MatrixRequest request;
  private final Progress progress;

  public MatrixRun(MatrixRequest request, Progress progress) {
    this.request = request;
    this.progress = progress;
  }

  /**
   * Runs it; blocks for as long as that takes.
   *
   * @throws dev.interlock.examples.BadUsageException if the configuration or a task set is wrong
   * @throws InterruptedException if it is interrupted; the JVM that measures is ended
   */
  public MatrixReport run() throws IOException, InterruptedException {
    progress.expect(request.tasks().size() * (1 + request.strategies().size()));
    Map<String, Map<String, RawCell>> measured = new LinkedHashMap<>();
    try (LatencyServer server = LatencyServer.start()) {
      for (String strategy : strategies()) {
        measured.put(
            strategy, new StrategyCells(request, strategy, server.address(), progress).measure());
      }
    }
    List<Cell> cells = new ArrayList<>();
    List<Recommendation> recommendations = new ArrayList<>();
    request
        .tasks()
        .forEach(
            (name, set) -> {
              List<Cell> ofSet = compare(name, set, measured);
              cells.addAll(ofSet);
              if (!request.strategies().isEmpty()) {
                recommendations.add(
                    Advisor.advise(set.name(), ofSet, having(Capability.MUTUAL_EXCLUSION)));
              }
            });
    return new MatrixReport(
        Machine.here(settings(), scaledDown()), cells, request.skipped(), recommendations);
  }

  private List<String> strategies() {
    List<String> names = new ArrayList<>(List.of(Cell.SEQUENTIAL));
    request.strategies().forEach(provider -> names.add(provider.strategy()));
    return names;
  }

  private List<Cell> compare(
      String name, TaskSet<?, ?> set, Map<String, Map<String, RawCell>> measured) {
    @Nullable RawCell baseline = rawCell(measured, Cell.SEQUENTIAL, name);
    CellComparison comparison = new CellComparison(baseline);
    List<Cell> cells = new ArrayList<>();
    for (String strategy : measured.keySet()) {
      RawCell raw = rawCell(measured, strategy, name);
      if (raw != null) {
        boolean expected =
            set instanceof CrashTasks && !having(Capability.CRASH_CONTAINMENT).contains(strategy);
        cells.add(comparison.cell(strategy, raw, expected));
      }
    }
    return cells;
  }

  private static @Nullable RawCell rawCell(
      Map<String, Map<String, RawCell>> measured, String strategy, String name) {
    Map<String, RawCell> cells = measured.get(strategy);
    return cells == null ? null : cells.get(name);
  }

  /** The strategies that declare a capability, configured as they are. */
  private Set<String> having(Capability capability) {
    return request.strategies().stream()
        .filter(provider -> Spark.capabilities(provider, request.config()).contains(capability))
        .map(ExecutorProvider::strategy)
        .collect(Collectors.toSet());
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("quick", Boolean.toString(request.quick()));
    settings.put("input", request.input().toString());
    settings.put(
        "workers", request.workers() == null ? "strategy's default" : "" + request.workers());
    if (request.config() != null) {
      settings.put("config", request.config().toString());
    }
    if (strategies().contains(Spark.NAME)) {
      settings.put("spark", Spark.master(request.config()));
    }
    return settings;
  }

  private Map<String, String> scaledDown() {
    Map<String, String> notes = new LinkedHashMap<>();
    if (request.quick()) {
      notes.put(
          "all",
          Plan.QUICK.measure().toMillis()
              + " ms of runs per cell instead of "
              + Plan.FULL.measure().toMillis()
              + " ms, at most "
              + Plan.QUICK.mostRuns()
              + " runs");
      for (TaskSet<?, ?> set : request.tasks().values()) {
        String note = set.scaledDown();
        if (note != null) {
          notes.put(set.name(), note);
        }
      }
    }
    return notes;
  }
}
