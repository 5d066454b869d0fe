// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * {@code free-threaded} and the JDK's executors by turns in one JVM: the medians of all rounds but
 * the first, and how many times ahead of each other one {@code free-threaded} is, the median of the
 * rounds. {@code benchmarks/run threads [ROUNDS[:PART,...]] [--workers N,...] [--producers M,...]
 * [--fork N]}; with no {@link ThreadFigures.Part}, all.
 */
public final class ThreadComparison {
  /** Which of two figures is the better one. */
  enum Better {
    MORE,
    LESS
  }

  private record Row(String unit, Better better, Map<ThreadPeer, List<Double>> figures) {}

  private final Map<String, Row> rows = new LinkedHashMap<>();
  private boolean kept;

  private ThreadComparison() {}

  /** The arguments as above. */
  public static void main(String[] args) throws Exception {
    int rounds = 4;
    Set<ThreadFigures.Part> parts = EnumSet.allOf(ThreadFigures.Part.class);
    int[] workers = {Runtime.getRuntime().availableProcessors()};
    int[] producers = {1, 2, 4, 8};
    int fork = 25;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--workers" -> workers = numbers(args[++i]);
        case "--producers" -> producers = numbers(args[++i]);
        case "--fork" -> fork = Integer.parseInt(args[++i]);
        default -> {
          String[] roundsAndParts = args[i].split(":", 2);
          rounds = Integer.parseInt(roundsAndParts[0]);
          parts = roundsAndParts.length == 1 ? parts : parts(roundsAndParts[1]);
        }
      }
    }
    ThreadComparison comparison = new ThreadComparison();
    for (int round = 0; round <= rounds; round++) {
      comparison.kept = round > 0;
      System.err.println(round == 0 ? "warm-up" : "round " + round + " of " + rounds);
      for (int n : workers) {
        new ThreadFigures(comparison, n, producers, fork).measure(parts);
      }
    }
    comparison.print();
  }

  private static int[] numbers(String list) {
    return Arrays.stream(list.split(",", -1)).mapToInt(Integer::parseInt).toArray();
  }

  private static Set<ThreadFigures.Part> parts(String list) {
    Set<ThreadFigures.Part> parts = EnumSet.noneOf(ThreadFigures.Part.class);
    for (String part : list.split(",", -1)) {
      parts.add(ThreadFigures.Part.valueOf(part.toUpperCase(Locale.ROOT)));
    }
    return parts;
  }

  void add(String name, String unit, Better better, ThreadPeer peer, double value) {
    if (kept) {
      System.err.println(Timing.line(name + ", " + peer.title(), value, unit));
      rows.computeIfAbsent(name, unused -> new Row(unit, better, new EnumMap<>(ThreadPeer.class)))
          .figures()
          .computeIfAbsent(peer, unused -> new ArrayList<>())
          .add(value);
    }
  }

  private void print() {
    List<ThreadPeer> peers = Arrays.stream(ThreadPeer.values()).filter(ThreadPeer::exists).toList();
    StringBuilder titles = new StringBuilder("| JDK " + Runtime.version().feature() + " |");
    StringBuilder rule = new StringBuilder("|---|");
    for (ThreadPeer peer : peers) {
      titles.append(' ').append(peer.title()).append(" |");
      rule.append("---|");
    }
    for (ThreadPeer peer : peers.subList(0, peers.size() - 1)) {
      titles.append(" ahead of ").append(peer.title()).append(" |");
      rule.append("---|");
    }
    System.out.println(titles + "\n" + rule);
    rows.forEach((name, row) -> System.out.println(line(name, row, peers)));
  }

  private static String line(String name, Row row, List<ThreadPeer> peers) {
    StringBuilder line = new StringBuilder("| " + name + " |");
    for (ThreadPeer peer : peers) {
      double[] figures = figures(row, peer);
      line.append(' ')
          .append(figures.length == 0 ? "" : number(Timing.median(figures)) + " " + row.unit())
          .append(" |");
    }
    for (ThreadPeer peer : peers.subList(0, peers.size() - 1)) {
      double[] ratios = ratios(row, figures(row, peer));
      line.append(' ').append(ratios.length == 0 ? "" : number(Timing.median(ratios))).append(" |");
    }
    return line.toString();
  }

  private static double[] figures(Row row, ThreadPeer peer) {
    return row.figures().getOrDefault(peer, List.of()).stream()
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  private static double[] ratios(Row row, double[] theirs) {
    double[] ours = figures(row, ThreadPeer.FREE_THREADED);
    double[] ratios = new double[theirs.length];
    for (int i = 0; i < theirs.length; i++) {
      ratios[i] = row.better() == Better.MORE ? ours[i] / theirs[i] : theirs[i] / ours[i];
    }
    boolean comparable = Arrays.stream(ratios).allMatch(Double::isFinite); // not nothing to nothing
    return comparable ? ratios : new double[0];
  }

  private static String number(double value) {
    return value >= 100
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.3g", value);
  }
}
