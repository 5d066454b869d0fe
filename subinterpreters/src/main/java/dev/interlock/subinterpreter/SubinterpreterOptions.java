// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.config.Options;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options below {@code interlock.subinterpreters}; {@code reference.conf} explains them.
 *
 * @param directory where the queues' files go; null for the default
 * @param sharedPackages packages that interpreters have in common
 * @param isolatedPackages packages that each interpreter has on its own, though they are shared by
 *     default
 * @param byReferenceAbove the size in bytes above which a capsule or an outcome stays in memory
 * @param switchIntervalNs how long one of several threads may have the lock before a checkpoint
 *     passes it on
 * @param warnProcessWideChanges whether code that changes what belongs to the process is named
 */
record SubinterpreterOptions(
    @Nullable Path directory,
    List<String> sharedPackages,
    List<String> isolatedPackages,
    int byReferenceAbove,
    long switchIntervalNs,
    boolean warnProcessWideChanges) {
  private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);
  private static final Pattern PACKAGE =
      Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*");

  static SubinterpreterOptions from(Options options) {
    return new SubinterpreterOptions(
        directory(options),
        packages(options, "shared-packages"),
        isolatedPackages(options),
        (int) options.bytes("by-reference-above", 0, Integer.MAX_VALUE),
        options.duration("switch-interval", Duration.ZERO, LONGEST_INTERVAL).toNanos(),
        options.flag("warn-process-wide-changes"));
  }

  private static @Nullable Path directory(Options options) {
    String value = options.text("directory");
    if (value.equals("auto")) {
      return null;
    }
    String allowed = "auto, or an existing directory that can be written to";
    try {
      Path path = Path.of(value);
      if (Files.isDirectory(path) && Files.isWritable(path)) {
        return path;
      }
      throw options.wrong("directory", value, allowed);
    } catch (InvalidPathException e) {
      throw options.wrong("directory", value, allowed);
    }
  }

  private static List<String> packages(Options options, String key) {
    List<String> packages = options.texts(key);
    for (String name : packages) {
      if (!PACKAGE.matcher(name).matches()) {
        throw options.wrong(
            key, name, "a list of names of packages, such as [\"com.example.api\"]");
      }
    }
    return packages;
  }

  private static List<String> isolatedPackages(Options options) {
    List<String> packages = packages(options, "isolated-packages");
    List<String> shared = options.texts("shared-packages");
    for (String name : packages) {
      String reason =
          shared.contains(name)
              ? "it is in shared-packages as well"
              : SharedPackages.whyNotIsolated(name);
      if (reason != null) {
        throw options.wrong(
            "isolated-packages",
            name,
            "packages that can be isolated, and this one cannot: " + reason);
      }
    }
    return packages;
  }
}
