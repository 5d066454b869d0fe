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
import dev.interlock.examples.tasks.TaskSets;
import dev.interlock.spi.Strategies;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

  @Option(names = "--output", paramLabel = "FILE", description = "Write the report there.")
  private @Nullable Path output;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Read this HOCON file in place of application.conf.")
  private @Nullable Path config;

  @Option(
      names = "--classpath",
      paramLabel = "PATH",
      description = "Jars and directories with task sets of your own.")
  private @Nullable String classPath;

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

  List<Path> classPath() {
    List<Path> entries = new ArrayList<>();
    if (classPath == null) {
      return entries;
    }
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      Path path = pathOf(entry);
      if (entry.isBlank() || !Files.isReadable(path)) {
        throw new BadUsageException(
            "--classpath has '" + entry + "', which cannot be read. Give it jars or directories.");
      }
      entries.add(path);
    }
    return entries;
  }

  private static Path pathOf(String entry) {
    try {
      return Path.of(entry).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new BadUsageException("--classpath has '" + entry + "', which is not a path.", e);
    }
  }

  /** The task sets of those names, each once, in that order. */
  Map<String, TaskSet<?, ?>> taskSets(List<String> names) {
    Map<String, TaskSet<?, ?>> sets = new LinkedHashMap<>();
    ClassLoader loader = userClasses();
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

  private ClassLoader userClasses() {
    List<URL> urls = new ArrayList<>();
    for (Path path : classPath()) {
      try {
        urls.add(path.toUri().toURL());
      } catch (MalformedURLException e) {
        throw new BadUsageException("--classpath has " + path + ", which has no URL.", e);
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), MeasuringOptions.class.getClassLoader());
  }

  /** Checks that the report can be written where it is wanted. */
  void checkOutput() {
    if (output == null) {
      return;
    }
    Path file = output.toAbsolutePath().normalize();
    Path directory = file.getParent();
    boolean writable =
        Files.exists(file)
            ? Files.isRegularFile(file) && Files.isWritable(file)
            : directory != null && Files.isDirectory(directory) && Files.isWritable(directory);
    if (!writable) {
      throw new BadUsageException(
          "--output " + file + " cannot be written. Give it a file in a directory that exists.");
    }
  }

  Progress progress() {
    return new Progress(System.err, Progress.styleFor(quiet));
  }

  /** Writes the report to where it is wanted, and returns the exit code. */
  int deliver(MatrixReport report) throws IOException {
    String text = format.write(report);
    if (output == null) {
      System.out.print(text);
      System.out.flush();
    } else {
      Files.writeString(output, text, StandardCharsets.UTF_8);
    }
    return report.hasUnexpectedFailure() ? 1 : 0;
  }
}
