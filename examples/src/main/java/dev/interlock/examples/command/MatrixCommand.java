// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import dev.interlock.examples.BadUsageException;
import dev.interlock.examples.matrix.Cell;
import dev.interlock.examples.matrix.MatrixReport;
import dev.interlock.examples.matrix.MatrixRequest;
import dev.interlock.examples.matrix.MatrixRun;
import dev.interlock.examples.matrix.Progress;
import dev.interlock.examples.matrix.Skipped;
import dev.interlock.examples.matrix.Spark;
import dev.interlock.examples.tasks.TaskSets;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.Strategies;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures task sets on every strategy and recommends one for each. */
@Command(
    name = "matrix",
    description = "Measure task sets on every strategy, and recommend one for each.",
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class)
final class MatrixCommand implements Callable<Integer> {
  @Mixin private final SharedOptions shared = new SharedOptions();
  @Mixin private final MeasuringOptions options = new MeasuringOptions();

  @Option(
      names = "--strategies",
      split = ",",
      paramLabel = "NAME",
      description = "Which strategies; default: all that are there. Sequential always runs.")
  private List<String> strategies = List.of();

  @Option(
      names = "--tasks",
      split = ",",
      paramLabel = "NAME",
      description = {
        "Which task sets; default: all of crunch, fetch, fetch-many, mixed, payload, files,",
        "increment, crash, startup. Or the class name of your own TaskSet."
      })
  private List<String> tasks = List.of();

  @Override
  public Integer call() throws Exception {
    Strategies found = Strategies.find();
    List<ExecutorProvider> chosen = chosen(found);
    options.checkMaster(chosen);
    MatrixRequest request =
        new MatrixRequest(
            chosen,
            skipped(found),
            options.taskSets(tasks.isEmpty() ? TaskSets.builtInNames() : tasks),
            options.quick(),
            options.input(),
            options.workers(),
            options.config(found),
            options.classPath(),
            shared.isVerbose());
    options.checkOutput();
    MatrixReport report;
    try (Progress progress = options.progress()) {
      report = new MatrixRun(request, progress).run();
    }
    return options.deliver(report);
  }

  private List<ExecutorProvider> chosen(Strategies found) {
    if (strategies.isEmpty()) {
      if (found.all().isEmpty()) {
        throw new BadUsageException(
            "No strategy is on the class path. Run 'interlock doctor' to see what to add.");
      }
      return found.all().stream()
          .filter(provider -> !provider.strategy().equals(Spark.NAME) || Spark.isHere(found))
          .toList();
    }
    return strategies.stream()
        .map(String::strip)
        .distinct()
        .filter(name -> !name.equals(Cell.SEQUENTIAL))
        .map(name -> found.named(name, "--strategies"))
        .toList();
  }

  /** Nothing that was asked for: that fails, and says what to add. */
  private List<Skipped> skipped(Strategies found) {
    return strategies.isEmpty() && !Spark.isHere(found) ? List.of(Skipped.spark()) : List.of();
  }
}
