// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * {@code process-pool} and CPython's process pools by turns on one machine: the medians, and the
 * median of the ratios of each pair. {@code benchmarks/run pools [PAIRS[:PART,...] [PYTHON...]]};
 * with no interpreter given, {@code process-pool} alone; with no {@link PoolFigures.Part}, all.
 */
public final class PoolComparison {
  private static final String SCRIPT = "benchmarks/cpython/pool.py";

  private final Map<String, String> units = new LinkedHashMap<>();
  private final Map<String, List<Double>> ours = new LinkedHashMap<>();
  private final Map<String, List<Double>> theirs = new LinkedHashMap<>();

  private PoolComparison() {}

  /** The arguments: how many pairs of which parts; and the command that runs CPython. */
  public static void main(String[] args) throws Exception {
    String[] pairsAndParts = (args.length > 0 ? args[0] : "1").split(":", 2);
    int pairs = Integer.parseInt(pairsAndParts[0]);
    Set<PoolFigures.Part> parts = EnumSet.noneOf(PoolFigures.Part.class);
    if (pairsAndParts.length == 1) {
      parts.addAll(EnumSet.allOf(PoolFigures.Part.class));
    } else {
      for (String part : pairsAndParts[1].split(",", -1)) {
        parts.add(PoolFigures.Part.valueOf(part.toUpperCase(Locale.ROOT)));
      }
    }
    List<String> python = List.of(args).subList(Math.min(1, args.length), args.length);
    PoolComparison comparison = new PoolComparison();
    for (int pair = 0; pair < pairs; pair++) {
      System.err.println("pair " + (pair + 1) + " of " + pairs);
      new PoolFigures(comparison::mine).measure(parts);
      if (!python.isEmpty()) {
        comparison.run(python);
      }
    }
    comparison.print();
  }

  private void mine(String name, double value, String unit) {
    System.err.println(Timing.line(name, value, unit));
    units.put(name, unit);
    ours.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
  }

  private void run(List<String> python) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(python);
    command.add("-");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new File(SCRIPT))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] parts = line.split("\t", -1);
        units.put(parts[0], parts[2]);
        theirs
            .computeIfAbsent(parts[0], unused -> new ArrayList<>())
            .add(Double.parseDouble(parts[1]));
      }
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command + " ended with " + process.exitValue());
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }

  private void print() {
    System.out.println("| | process-pool | CPython | ratio |\n|---|---|---|---|");
    for (Map.Entry<String, String> entry : units.entrySet()) {
      List<Double> mine = ours.getOrDefault(entry.getKey(), List.of());
      List<Double> other = theirs.getOrDefault(entry.getKey(), List.of());
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < Math.min(mine.size(), other.size()); i++) {
        ratios.add(mine.get(i) / other.get(i));
      }
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %s | %s |%n",
          entry.getKey(),
          cell(median(mine), " " + entry.getValue()),
          cell(median(other), " " + entry.getValue()),
          cell(median(ratios), ""));
    }
  }

  private static String cell(double value, String unit) {
    if (Double.isNaN(value)) {
      return "";
    }
    String digits =
        value >= 1_000
            ? String.format(Locale.ROOT, "%,.0f", value)
            : String.format(Locale.ROOT, "%.3g", value);
    return digits + unit;
  }
}
