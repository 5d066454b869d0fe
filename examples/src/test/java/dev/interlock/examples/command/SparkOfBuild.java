// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Spark and its module, where they are: a build of the examples alone does without them. */
final class SparkOfBuild {
  private static final Path TARGET = Path.of("..", "spark", "target").toAbsolutePath().normalize();

  private SparkOfBuild() {}

  /** Spark's jars without its logging, then the strategy's classes. Skips the test without them. */
  static String classPath() throws IOException {
    Path list = TARGET.resolve("spark.classpath");
    assumeTrue(Files.exists(list), () -> "no " + list + ": build the module spark as well");
    String jars =
        Arrays.stream(Files.readString(list).strip().split(File.pathSeparator, -1))
            .filter(jar -> !jar.contains("log4j-slf4j2-impl"))
            .collect(Collectors.joining(File.pathSeparator));
    return jars + File.pathSeparator + TARGET.resolve("classes");
  }
}
