// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rules of the contract against the strategies, as a Markdown table made from what {@link
 * ContractRecord} wrote down in each module.
 */
public final class ContractTable {
  /** What has a column each, in their order; the last one is the reference. */
  public static final List<String> COLUMNS =
      List.of(
          "gil-threading",
          "process-pool",
          "subinterpreters",
          "free-threaded",
          "spark-local",
          "spark-cluster",
          "same-thread");

  private static final String RULES =
      """
      S1 submit never waits for execution; a full queue blocks, rejects or runs in the caller
      S2 plain lambdas and method references work with no cast
      S3 tasks are encoded in submit; what cannot cross is named there
      S4 rejected after shutdown; bad sizes name key, value and range
      S5 null tasks fail at once, null results are fine
      S6 nested submits never hang
      M1 map: in input order, lazy, bounded read-ahead
      M2 map: chunks, and one failing item loses only itself
      M3 map: time-out from the call, closing cancels
      M4 asCompleted and waits
      F1 the task's own exception comes back
      F2 what cannot be encoded or decoded fails only its future
      F3 callbacks once each; get's time-out does not cancel
      F4 a dying worker fails only its own tasks
      F5 a task that keeps crashing workers is named
      C1 cancel before and while running; never the next task
      C2 per-task time-outs
      C3 shutdown, shutdownNow, close
      C4 a dropped executor leaves nothing
      C5 a killed parent leaves nothing
      W1 worker initializer
      W2 recycling of workers
      W3 decorators and context
      W4 children sized to the container, output forwarded
      W5 default worker counts
      I1 shared memory; one thread at a time under the lock
      I2 isolated statics, copied values
      I3 interpreters after PEP 734
      I4 queues after PEP 734
      I5 what is shareable
      I6 items whose producer is gone
      P equal results by one line of configuration
      """;

  /** The one strategy that has interpreters and their queues, and the rules about these. */
  private static final String INTERPRETERS = "subinterpreters";

  private static final Set<String> OF_INTERPRETERS = Set.of("I3", "I4", "I5", "I6");

  private final Map<String, List<ContractResult>> results;

  private ContractTable(Map<String, List<ContractResult>> results) {
    this.results = results;
  }

  /**
   * The table of what the modules below {@code root} wrote down.
   *
   * @throws UncheckedIOException if a file cannot be read
   */
  public static ContractTable of(Path root) {
    Map<String, List<ContractResult>> results = new TreeMap<>();
    try (Stream<Path> modules = Files.list(root)) {
      for (Path module : modules.sorted().toList()) {
        readModule(module, results);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ContractTable(results);
  }

  private static void readModule(Path module, Map<String, List<ContractResult>> results)
      throws IOException {
    for (String column : COLUMNS) {
      Path file = module.resolve(Path.of("target", "contract-results", column + ".csv"));
      if (Files.exists(file)) {
        results.put(column, Files.readAllLines(file).stream().map(ContractResult::ofLine).toList());
      }
    }
  }

  /** The columns of which nothing was written down. */
  public List<String> missing() {
    return COLUMNS.stream().filter(column -> !results.containsKey(column)).toList();
  }

  /** The page, in Markdown. */
  public String render() {
    List<String> lines = new ArrayList<>();
    lines.add("# The contract against the strategies");
    lines.add("");
    lines.add(
        "Made from the results of the contract suite; `same-thread` is its reference, one thread in");
    lines.add(
        "its simplest form. A number is the count of tests that passed; \"not yet\": no test so far.");
    lines.add(
        "`spark-local` is spark with `local[*]`, in this process; `spark-cluster` with a Master and two Workers.");
    lines.add("Made anew by `./mvnw verify -Dcontract.table.update`.");
    lines.add("");
    lines.add("| rule | " + String.join(" | ", COLUMNS) + " |");
    lines.add("|---|" + "---|".repeat(COLUMNS.size()));
    RULES.lines().forEach(rule -> lines.add(row(rule)));
    return String.join("\n", lines) + "\n";
  }

  private String row(String rule) {
    String number = rule.substring(0, rule.indexOf(' '));
    String cells =
        COLUMNS.stream()
            .map(column -> cell(column, results.getOrDefault(column, List.of()), number))
            .collect(Collectors.joining(" | "));
    return "| **" + number + "**" + rule.substring(number.length()) + " | " + cells + " |";
  }

  private static String cell(String column, List<ContractResult> ofColumn, String number) {
    if (OF_INTERPRETERS.contains(number) && !column.equals(INTERPRETERS)) {
      return "lacks interpreters";
    }
    List<ContractResult> tests =
        ofColumn.stream().filter(result -> result.number().equals(number)).toList();
    long passed = count(tests, ContractResult.Outcome.PASSED);
    long failed = count(tests, ContractResult.Outcome.FAILED);
    List<String> parts = new ArrayList<>();
    if (failed > 0) {
      parts.add("FAILED " + failed);
    }
    if (passed > 0) {
      parts.add("passed " + passed);
    }
    TreeSet<String> reasons =
        tests.stream()
            .filter(result -> result.outcome() == ContractResult.Outcome.SKIPPED)
            .map(ContractResult::reason)
            .collect(Collectors.toCollection(TreeSet::new));
    parts.addAll(reasons);
    return parts.isEmpty() ? "not yet" : String.join(", ", parts);
  }

  private static long count(List<ContractResult> tests, ContractResult.Outcome outcome) {
    return tests.stream().filter(result -> result.outcome() == outcome).count();
  }
}
