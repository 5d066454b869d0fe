// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How the child JVMs of an executor are started: the program, its arguments, its environment and
 * where it works. The arguments are in a file, which has no limit of length; all children of an
 * executor share it. Immutable.
 */
final class ChildCommand {
  private final StartOptions options;
  private final Path file;

  private ChildCommand(StartOptions options, Path file) {
    this.options = options;
    this.file = file;
  }

  /** Writes the file of arguments into {@code directory}. */
  static ChildCommand prepare(Path directory, StartOptions options, ChildArguments arguments)
      throws IOException {
    Path file = directory.resolve("arguments");
    List<String> all = new ArrayList<>(CrashLog.arguments(directory));
    all.addAll(arguments.all());
    Files.write(file, all.stream().map(ChildCommand::quoted).toList(), TaskMark.CHARSET);
    return new ChildCommand(options, file);
  }

  /**
   * What starts a child.
   *
   * @param name the child's name, there for {@code ps}
   * @param archive the options by which it uses an archive
   */
  ProcessBuilder builder(String name, List<String> archive) {
    List<String> command = new ArrayList<>();
    command.add(options.java().launcher().toString());
    command.addAll(archive);
    command.add("@" + file);
    command.add(WorkerMain.class.getName());
    command.add(name);
    return inItsPlace(new ProcessBuilder(command), options);
  }

  /** Gives a program the environment and working directory of a child. */
  static ProcessBuilder inItsPlace(ProcessBuilder builder, StartOptions options) {
    InheritedArguments.removeFrom(builder.environment());
    options.environment().applyTo(builder.environment());
    Path directory = options.workingDirectory();
    return directory == null ? builder : builder.directory(directory.toFile());
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
