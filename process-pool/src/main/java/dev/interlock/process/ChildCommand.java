// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * The command line of the child JVMs: this JVM's own java, class path, system properties and module
 * options, and a heap of their own. The arguments are in a file, which has no limit of length; all
 * children of an executor share it. Immutable.
 */
final class ChildCommand {
  /** Options of this JVM that its children need to see the same classes as it does. */
  private static final List<String> MODULE_OPTIONS =
      List.of(
          "--add-opens",
          "--add-exports",
          "--add-reads",
          "--add-modules",
          "--module-path",
          "--patch-module",
          "--limit-modules",
          "--enable-preview",
          "--enable-native-access",
          "--illegal-native-access",
          "--sun-misc-unsafe-memory-access");

  /** Properties that would make a child take this JVM's management port. */
  private static final String MANAGEMENT = "-Dcom.sun.management.";

  private static final double MEMORY_PERCENT_FOR_ALL = 50;

  private final List<String> command;

  private ChildCommand(List<String> command) {
    this.command = command;
  }

  /** Writes the file of arguments into {@code directory}. */
  static ChildCommand prepare(Path directory, ProcessOptions options, int workers)
      throws IOException {
    Path file = directory.resolve("arguments");
    List<String> lines = arguments(options, workers).stream().map(ChildCommand::quoted).toList();
    Files.write(file, lines, OutputSink.CHARSET);
    return new ChildCommand(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + file,
            WorkerMain.class.getName()));
  }

  /** The command line of the child for this worker; the name is there for {@code ps}. */
  List<String> forWorker(String name) {
    List<String> all = new ArrayList<>(command);
    all.add(name);
    return all;
  }

  static List<String> arguments(ProcessOptions options, int workers) throws IOException {
    List<String> arguments = new ArrayList<>();
    String classPath = System.getProperty("java.class.path", "");
    arguments.add("-XX:+UseSerialGC");
    arguments.add("-XX:ActiveProcessorCount=" + processors(workers));
    if (options.heapBytes().isPresent()) {
      arguments.add("-Xmx" + options.heapBytes().getAsLong());
    } else {
      String percent =
          String.format(Locale.ROOT, "%.4f", MEMORY_PERCENT_FOR_ALL / Math.max(1, workers));
      arguments.add("-XX:MaxRAMPercentage=" + percent);
      arguments.add("-XX:MinRAMPercentage=" + percent);
    }
    arguments.add("-XX:+ExitOnOutOfMemoryError");
    arguments.add("-XX:+DisplayVMOutputToStderr");
    arguments.add("-XX:-UsePerfData"); // a file in the temporary directory, left behind by a kill
    arguments.add("-Xshare:auto");
    arguments.add("-Dkryo.unsafe=false");
    if (Runtime.version().feature() >= 24) {
      arguments.add("--sun-misc-unsafe-memory-access=allow");
    }
    arguments.addAll(fromManifest(classPath));
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (isHandedOn(argument)) {
        arguments.add(argument);
      }
    }
    arguments.addAll(options.jvmArgs());
    arguments.add("-cp");
    arguments.add(classPath);
    return arguments;
  }

  private static int processors(int workers) {
    int all = Runtime.getRuntime().availableProcessors();
    return Math.max(1, (all + workers - 1) / workers);
  }

  private static boolean isHandedOn(String argument) {
    if (argument.startsWith("-D")) {
      return !argument.startsWith(MANAGEMENT);
    }
    return MODULE_OPTIONS.stream()
        .anyMatch(option -> argument.equals(option) || argument.startsWith(option + "="));
  }

  /** What {@code java -jar} takes from the manifest, {@code java -cp} must be told. */
  private static List<String> fromManifest(String classPath) throws IOException {
    List<String> options = new ArrayList<>();
    if (!classPath.endsWith(".jar")
        || classPath.contains(File.pathSeparator)
        || !Files.isRegularFile(Path.of(classPath))) {
      return options;
    }
    try (JarFile jar = new JarFile(classPath)) {
      Manifest manifest = jar.getManifest();
      if (manifest != null) {
        add(options, "--add-opens", manifest.getMainAttributes(), "Add-Opens");
        add(options, "--add-exports", manifest.getMainAttributes(), "Add-Exports");
      }
    }
    return options;
  }

  private static void add(
      List<String> options, String option, Attributes attributes, String attribute) {
    String packages = attributes.getValue(attribute);
    if (packages != null) {
      for (String one : packages.strip().split("\\s+", -1)) {
        options.add(option + "=" + one + "=ALL-UNNAMED");
      }
    }
  }

  /** As the java launcher reads its files of arguments. */
  private static String quoted(String argument) {
    return '"'
        + argument
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\r", "\\r")
        + '"';
  }
}
