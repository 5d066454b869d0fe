// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.config.Options;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The options for starting children, checked.
 *
 * @param method how a pool comes to a child
 * @param spares how many are kept ahead; empty for as many as the pool has workers, processors at
 *     most
 * @param spareIdle how long spares are kept that no open pool can use
 * @param archive whether a class-data archive is made and used
 * @param cacheDirectory where it is; null for the user's cache
 * @param heapBytes the largest heap of a child; empty for a share of the machine's memory
 * @param jvmArgs more arguments for the child JVMs
 * @param java what they run on
 * @param environment what their environment has that this process's has not
 * @param workingDirectory where they work; null for where this process works
 * @param classPath theirs; null for this JVM's
 * @param inheritAgents whether they get this JVM's agents and debugger
 */
record StartOptions(
    StartMethod method,
    OptionalInt spares,
    Duration spareIdle,
    boolean archive,
    @Nullable Path cacheDirectory,
    OptionalLong heapBytes,
    List<String> jvmArgs,
    JavaHome java,
    EnvironmentChanges environment,
    @Nullable Path workingDirectory,
    @Nullable List<String> classPath,
    boolean inheritAgents) {
  private static final long LEAST_HEAP_BYTES = 8L << 20;
  private static final long MOST_HEAP_BYTES = 1L << 50;
  private static final int MOST_SPARES = 1_024;
  private static final Duration LONGEST_IDLE = Duration.ofDays(1);
  private static final String AUTO = "auto";

  private enum ArchiveUse {
    AUTO,
    OFF
  }

  StartOptions {
    jvmArgs = List.copyOf(jvmArgs);
    classPath = classPath == null ? null : List.copyOf(classPath);
  }

  /** Whether something here must be in the file system. */
  boolean namesFiles() {
    return workingDirectory != null || classPath != null || !java.equals(JavaHome.ofThisJvm());
  }

  static StartOptions from(Options options) {
    return new StartOptions(
        StartMethod.from(options, "start-method"),
        options.integerOr(AUTO, "spares", 0, MOST_SPARES),
        options.duration("spare-idle", Duration.ZERO, LONGEST_IDLE),
        options.choice("archive", ArchiveUse.class) == ArchiveUse.AUTO,
        options.isWord("cache-directory", AUTO) ? null : path(options, "cache-directory"),
        options.isWord("heap", AUTO)
            ? OptionalLong.empty()
            : OptionalLong.of(options.bytes("heap", LEAST_HEAP_BYTES, MOST_HEAP_BYTES)),
        options.texts("jvm-args"),
        javaHome(options),
        environment(options),
        workingDirectory(options),
        options.isWord("class-path", AUTO) ? null : classPath(options),
        options.flag("inherit-agents"));
  }

  private static Path path(Options options, String key) {
    String written = options.text(key);
    try {
      return Path.of(written).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw options.wrong(key, written, "the path of a directory");
    }
  }

  private static JavaHome javaHome(Options options) {
    String key = "java-home";
    if (options.isWord(key, AUTO)) {
      return JavaHome.ofThisJvm();
    }
    try {
      return JavaHome.at(path(options, key));
    } catch (IOException e) {
      throw options.wrong(
          key,
          options.text(key),
          "'auto' or the home of a Java of version 17 or newer, but " + e.getMessage());
    }
  }

  private static EnvironmentChanges environment(Options options) {
    try {
      return EnvironmentChanges.parse(options.texts("environment"));
    } catch (IllegalArgumentException e) {
      throw options.wrong(
          "environment",
          String.valueOf(e.getMessage()),
          "a list of NAME=value, which sets a variable, and -NAME, which removes one");
    }
  }

  private static @Nullable Path workingDirectory(Options options) {
    String key = "working-directory";
    if (options.isWord(key, AUTO)) {
      return null;
    }
    Path directory = path(options, key);
    if (!Files.isDirectory(directory)) {
      throw options.wrong(key, options.text(key), "'auto' or an existing directory");
    }
    return directory;
  }

  /** A mistyped entry would show as a class that is missing in one child, much later. */
  private static List<String> classPath(Options options) {
    List<String> entries = new ArrayList<>();
    for (String written : options.texts("class-path")) {
      for (String entry : written.split(File.pathSeparator, -1)) {
        boolean jars = entry.equals("*") || entry.endsWith(File.separator + "*");
        String place = jars ? entry.substring(0, entry.length() - 1) : entry;
        String absolute;
        try {
          absolute = ChildClassPath.absolute(place);
        } catch (InvalidPathException e) {
          throw wrongEntry(options, entry);
        }
        if (jars ? !Files.isDirectory(Path.of(absolute)) : !Files.exists(Path.of(absolute))) {
          throw wrongEntry(options, entry);
        }
        entries.add(jars ? absolute + File.separator + "*" : absolute);
      }
    }
    return entries;
  }

  private static RuntimeException wrongEntry(Options options, String entry) {
    return options.wrong(
        "class-path",
        entry,
        "'auto' or a list of jars and directories that exist; DIRECTORY/* stands for all jars in it");
  }
}
