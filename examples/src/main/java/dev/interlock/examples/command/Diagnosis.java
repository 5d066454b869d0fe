// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import dev.interlock.Capability;
import dev.interlock.examples.matrix.Spark;
import dev.interlock.examples.matrix.TextColumns;
import dev.interlock.gil.agent.AgentCoverage;
import dev.interlock.gil.agent.GilAgent;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.Strategies;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What this JVM and its class path have to run strategies with.
 *
 * @param healthy whether nothing is missing
 * @param jdk version, vendor and home of the JDK
 * @param cores processors that the JVM may use
 * @param jvmFlags the flags that this JVM was started with
 * @param strategies the strategies on the class path
 * @param spark what there is of Spark, which need not be there
 * @param gilAgent what the agent of gil-threading covers; null if the strategy is not there
 * @param missing what is missing, each a sentence with the line to add
 */
record Diagnosis(
    boolean healthy,
    String jdk,
    int cores,
    List<String> jvmFlags,
    List<Found> strategies,
    SparkFound spark,
    @Nullable AgentCoverage gilAgent,
    List<String> missing) {
  private static final String GIL = "gil-threading";
  private static final int WIDTH = 80 - 16;

  /**
   * A strategy that is there.
   *
   * @param name its name
   * @param provider the class that provides it
   * @param capabilities what it can do
   * @param workers how many workers it has here by default
   * @param problems what keeps it from running, each a sentence with the remedy
   */
  record Found(
      String name,
      String provider,
      List<String> capabilities,
      int workers,
      List<String> problems) {}

  /**
   * Looks.
   *
   * @param wanted the strategies that are missing if they are not there
   */
  static Diagnosis ofThisJvm(Set<String> wanted) {
    int cores = Runtime.getRuntime().availableProcessors();
    Strategies strategies = Strategies.find();
    List<Found> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    SparkFound spark = SparkFound.in(strategies);
    for (ExecutorProvider provider : strategies.all()) {
      boolean ofSpark = provider.strategy().equals(Spark.NAME);
      if (ofSpark && !spark.here() && !wanted.contains(Spark.NAME)) {
        continue;
      }
      List<String> problems = ofSpark && spark.here() ? spark.problems() : provider.problems();
      missing.addAll(problems);
      found.add(
          new Found(
              provider.strategy(),
              provider.getClass().getName(),
              new TreeSet<>(Spark.capabilities(provider, null))
                  .stream().map(Diagnosis::written).toList(),
              provider.defaultWorkers(cores),
              problems));
    }
    for (String name : strategies.absent()) {
      if (wanted.contains(name)) {
        missing.add(
            "The strategy " + name + " is not here. Add dev.interlock:interlock-" + name + ".");
      }
    }
    return new Diagnosis(
        missing.isEmpty(),
        System.getProperty("java.runtime.version")
            + ", "
            + System.getProperty("java.vendor")
            + ", "
            + System.getProperty("java.home"),
        cores,
        ManagementFactory.getRuntimeMXBean().getInputArguments(),
        found,
        spark,
        found.stream().anyMatch(one -> one.name().equals(GIL)) ? agent() : null,
        missing);
  }

  /** Has it instrument what is loaded, if it is there, as it would before the first task. */
  private static AgentCoverage agent() {
    GilAgent.activate();
    return GilAgent.coverage();
  }

  private static String written(Capability capability) {
    return capability.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * For a terminal.
   *
   * @param verbose whether to name the provider classes
   */
  String text(boolean verbose) {
    StringBuilder text = new StringBuilder();
    text.append("JDK         ").append(jdk).append('\n');
    text.append("Cores       ").append(cores).append('\n');
    text.append("JVM flags   ")
        .append(jvmFlags.isEmpty() ? "none" : String.join("\n            ", jvmFlags))
        .append("\n\n");
    for (Found strategy : strategies) {
      text.append(String.format(Locale.ROOT, "%-16s", strategy.name()))
          .append(strategy.problems().isEmpty() ? "ready" : "not ready")
          .append(", ")
          .append(strategy.workers())
          .append(" workers by default\n");
      TextColumns.wrap(String.join(", ", strategy.capabilities()), WIDTH)
          .forEach(line -> text.append("                ").append(line).append('\n'));
      if (strategy.name().equals(Spark.NAME)) {
        text.append("                ").append(spark.text()).append('\n');
      }
      if (verbose) {
        text.append("                ").append(strategy.provider()).append('\n');
      }
      if (strategy.name().equals(GIL) && gilAgent != null) {
        new AgentText(gilAgent, verbose)
            .lines()
            .forEach(line -> text.append("                ").append(line).append('\n'));
      }
    }
    if (strategies.stream().noneMatch(strategy -> strategy.name().equals(Spark.NAME))) {
      text.append(String.format(Locale.ROOT, "%-16s", Spark.NAME))
          .append(spark.text())
          .append('\n');
    }
    text.append('\n');
    if (healthy) {
      text.append("All is well.\n");
    } else {
      text.append("Missing:\n");
      missing.forEach(what -> text.append("- ").append(what).append('\n'));
    }
    return text.toString();
  }
}
