// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.config.Options;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options below {@code interlock.subinterpreters}; {@code reference.conf} explains them.
 *
 * @param directory where the queues' files go; null for the default
 * @param sharedPackages packages that interpreters have in common
 * @param byReferenceAbove the size in bytes above which a capsule or an outcome stays in memory
 */
record SubinterpreterOptions(
    @Nullable Path directory, List<String> sharedPackages, int byReferenceAbove) {
  private static final Pattern PACKAGE =
      Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*");

  static SubinterpreterOptions from(Options options) {
    return new SubinterpreterOptions(
        directory(options),
        sharedPackages(options),
        (int) options.bytes("by-reference-above", 0, Integer.MAX_VALUE));
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

  private static List<String> sharedPackages(Options options) {
    List<String> packages = options.texts("shared-packages");
    for (String name : packages) {
      if (!PACKAGE.matcher(name).matches()) {
        throw options.wrong(
            "shared-packages", name, "a list of names of packages, such as [\"com.example.api\"]");
      }
    }
    return packages;
  }
}
