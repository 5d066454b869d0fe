// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Spark's own jars, as Maven resolved them: all that a cluster has, and nothing of Interlock. */
final class SparkJars {
  private static final String FILE_PROPERTY = "spark.classpath.file";

  private SparkJars() {}

  /** They as one class path. */
  static String classPath() {
    String file = System.getProperty(FILE_PROPERTY, "target/spark.classpath");
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(
          file
              + " is unreadable. Build the module ('mvn -pl spark -am process-test-classes'), and"
              + " name its target/spark.classpath by -D"
              + FILE_PROPERTY
              + " when the working directory is not spark/.",
          e);
    }
  }

  static List<Path> all() {
    return Stream.of(classPath().split(File.pathSeparator, -1)).map(Path::of).toList();
  }
}
