// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import dev.interlock.examples.matrix.Spark;
import picocli.CommandLine.Option;

/** Where Spark's cluster is: for this JVM, and those that it starts. */
final class MasterOption {
  private boolean given;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Spark's master, as spark://host:7077; default: the configured one, or local[*].")
  void master(String url) {
    System.setProperty(Spark.MASTER, url);
    given = true;
  }

  boolean isGiven() {
    return given;
  }
}
