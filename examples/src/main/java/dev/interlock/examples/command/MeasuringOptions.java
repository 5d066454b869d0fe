// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import dev.interlock.config.Layers;
import dev.interlock.examples.BadUsageException;
import dev.interlock.examples.TaskSet;
import dev.interlock.examples.matrix.MatrixReport;
import dev.interlock.examples.matrix.Progress;
import dev.interlock.examples.matrix.ReportFormat;
import dev.interlock.examples.matrix.Spark;
import dev.interlock.examples.tasks.TaskSets;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.Strategies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the commands that measure. Each is checked before anything is measured. */
final class MeasuringOptions {
  @Option(names = "--workers", paramLabel = "N", description = "Workers; default: the strategy's.")
  private @Nullable Integer workers;

  @Option(
      names = "--input",
      paramLabel = "DIR",
      description = "The tree that the set 'files' reads; default: the project's own.")
  private @Nullable Path input;

  @Option(names = "--quick", description = "Fewer and smaller runs: the whole matrix in a minute.")
  private boolean quick;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private ReportFormat format = ReportFormat.text;

  @Mixin private final OutputOption output = new OutputOption();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Read this HOCON file in place of application.conf.")
  private @Nullable Path config;

  @Mixin private final MasterOption master = new MasterOption();

  @Mixin private final ClassPathOption classPath = new ClassPathOption();

  @Option(names = "--quiet", description = "Show no progress.")
  private boolean quiet;

  boolean quick() {
    return quick;
  }

  @Nullable Integer workers() {
    if (workers != null && workers < 1) {
      throw new BadUsageException("--workers is " + workers + ", but must be at least 1.");
    }
    return workers;
  }

  Path input() {
    Path directory = input == null ? ProjectTree.find() : input.toAbsolutePath().normalize();
    if (!Files.isDirectory(directory) || !Files.isReadable(directory)) {
      throw new BadUsageException(
          "--input "
              + directory
              + (Files.exists(directory)
                  ? " is not a directory that can be read."
                  : " does not exist.")
              + " Give it a readable directory.");
    }
    return directory;
  }

  /**
   * The configuration file, if there is one, after checking that it can be read and has no typo.
   */
  @Nullable Path config(Strategies strategies) {
    Config application = null;
    Path file = config == null ? null : config.toAbsolutePath().normalize();
    if (file != null) {
      if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
        throw new BadUsageException(
            "--config " + file + " is not a file that can be read. Give it a HOCON file.");
      }
      try {
        application =
            ConfigFactory.parseFile(
                file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
      } catch (ConfigException e) {
        throw new BadUsageException("--config cannot be parsed: " + e.getMessage(), e);
      }
    }
    Layers.load(application, Map.of(), strategies.absent());
    return file;
  }

  /** Checks that a master is given only where it has a meaning. */
  void checkMaster(List<ExecutorProvider> chosen) {
    if (master.isGiven()
        && chosen.stream().noneMatch(provider -> provider.strategy().equals(Spark.NAME))) {
      throw new BadUsageException(
          "--master is for spark, which is not measured here. Name spark as well, as in"
              + " './interlock matrix --strategies spark --master spark://host:7077'.");
    }
  }

  List<Path> classPath() {
    return classPath.entries();
  }

  /** The task sets of those names, each once, in that order. */
  Map<String, TaskSet<?, ?>> taskSets(List<String> names) {
    Map<String, TaskSet<?, ?>> sets = new LinkedHashMap<>();
    ClassLoader loader = classPath.loader();
    for (String name : names) {
      TaskSet<?, ?> set = TaskSets.named(name.strip(), loader);
      boolean taken =
          sets.entrySet().stream()
              .anyMatch(
                  other ->
                      other.getValue().name().equals(set.name()) && !other.getKey().equals(name));
      if (taken) {
        throw new BadUsageException(
            "Two task sets are named " + set.name() + ". Override name() in one of them.");
      }
      sets.put(name.strip(), set);
    }
    return sets;
  }

  /** Checks that the report can be written where it is wanted. */
  void checkOutput() {
    output.check();
  }

  Progress progress() {
    return new Progress(System.err, Progress.styleFor(quiet));
  }

  /** Writes the report to where it is wanted, and returns the exit code. */
  int deliver(MatrixReport report) throws IOException {
    output.write(format.write(report));
    return report.hasUnexpectedFailure() ? 1 : 0;
  }
}
