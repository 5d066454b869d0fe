// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import dev.interlock.gil.agent.AgentJar;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeSet;

/** The command line of a JVM that measures: this JDK, the flags, the class path. */
final class JvmCommand {
  private JvmCommand() {}

  /** The same for every cell. */
  static List<String> flags() {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"));
    if (Runtime.version().feature() >= 24) {
      flags.add("--sun-misc-unsafe-memory-access=allow");
      flags.add("--enable-native-access=ALL-UNNAMED");
    }
    return flags;
  }

  /**
   * What only {@code strategy} has. For gil-threading the agent, without which tasks would switch
   * only where they cooperate; a build has no jar of it, then there is none. For spark a heap that
   * is large enough for its driver, where the JVM would take a smaller one.
   */
  static List<String> flagsOf(String strategy) {
    return switch (strategy) {
      case "gil-threading" -> AgentJar.path().map(jar -> "-javaagent:" + jar).stream().toList();
      case Spark.NAME ->
          Runtime.getRuntime().maxMemory() < Spark.LEAST_HEAP_BYTES
              ? List.of("-Xmx" + Spark.SMALL_HEAP)
              : List.of();
      default -> List.of();
    };
  }

  /**
   * Starts {@code mainClass} with this JVM's class path and {@code extra} behind it, for cells of
   * {@code strategy}.
   */
  static List<String> of(Class<?> mainClass, String strategy, List<Path> extra, String argument) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
    command.addAll(flagsOf(strategy));
    Properties properties = System.getProperties();
    for (String name : new TreeSet<>(properties.stringPropertyNames())) {
      if (name.startsWith("interlock.")) {
        command.add("-D" + name + "=" + properties.getProperty(name));
      }
    }
    StringBuilder classPath =
        new StringBuilder(Objects.requireNonNull(System.getProperty("java.class.path")));
    for (Path entry : extra) {
      classPath.append(File.pathSeparatorChar).append(entry.toAbsolutePath());
    }
    command.add("-cp");
    command.add(classPath.toString());
    command.add(mainClass.getName());
    command.add(argument);
    return command;
  }
}
