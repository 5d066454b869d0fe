// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

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

  /** The same for every cell, so that strategies differ in nothing else. */
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

  /** Starts {@code mainClass} with this JVM's class path and {@code extra} behind it. */
  static List<String> of(Class<?> mainClass, List<Path> extra, String argument) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
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
