// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.interlock.config.Layers;
import dev.interlock.config.Options;
import dev.interlock.examples.matrix.Cell;
import dev.interlock.examples.matrix.MatrixReport;
import dev.interlock.examples.matrix.MatrixRequest;
import dev.interlock.examples.matrix.MatrixRun;
import dev.interlock.examples.matrix.Progress;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.Strategies;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures task sets on one strategy, beside the sequential baseline. */
@Command(
    name = "run",
    description = "Measure task sets on one strategy, beside the sequential baseline.",
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class)
final class RunCommand implements Callable<Integer> {
  @Mixin private final SharedOptions shared = new SharedOptions();
  @Mixin private final MeasuringOptions options = new MeasuringOptions();

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      description = "Which strategy; default: the configured one, as by INTERLOCK_STRATEGY.")
  private @Nullable String strategy;

  @Option(
      names = "--tasks",
      split = ",",
      required = true,
      paramLabel = "NAME",
      description = "A built-in task set, or the class name of your own; several with commas.")
  private List<String> tasks = List.of();

  @Override
  public Integer call() throws Exception {
    Strategies found = Strategies.find();
    Path config = options.config(found);
    List<ExecutorProvider> chosen = chosen(found, config);
    options.checkMaster(chosen);
    MatrixRequest request =
        new MatrixRequest(
            chosen,
            List.of(),
            options.taskSets(tasks),
            options.quick(),
            options.input(),
            options.workers(),
            config,
            options.classPath(),
            shared.isVerbose());
    options.checkOutput();
    MatrixReport report;
    try (Progress progress = options.progress()) {
      report = new MatrixRun(request, progress).run();
    }
    return options.deliver(
        new MatrixReport(report.machine(), report.cells(), List.of(), List.of()));
  }

  private List<ExecutorProvider> chosen(Strategies found, @Nullable Path config) {
    if (strategy != null) {
      return strategy.equals(Cell.SEQUENTIAL)
          ? List.of()
          : List.of(found.named(strategy, "--strategy"));
    }
    Config application = config == null ? null : ConfigFactory.parseFile(config.toFile());
    Options configured =
        new Options(Layers.load(application, Map.of(), found.absent()), "interlock");
    String name = configured.text("strategy");
    return List.of(
        name.equals("auto") ? found.only() : found.named(name, configured.origin("strategy")));
  }
}
