// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import com.google.common.base.Splitter;
import dev.interlock.examples.matrix.Spark;
import dev.interlock.spi.Strategies;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is of Spark.
 *
 * @param here whether the strategy and Spark are on the class path
 * @param version Spark's version; null if it is not here or does not tell
 * @param master the configured master; null if Spark is not here
 * @param problems what keeps it from running, each a sentence with the remedy
 */
record SparkFound(
    boolean here, @Nullable String version, @Nullable String master, List<String> problems) {
  private static final String SCHEME = "spark://";
  private static final int CONNECT_LIMIT_MS = 3_000;

  static SparkFound in(Strategies strategies) {
    if (!Spark.isHere(strategies)) {
      return new SparkFound(false, null, null, List.of());
    }
    String master = Spark.master(null);
    return new SparkFound(true, Spark.version().orElse(null), master, problemsOf(master));
  }

  /** Whether a standalone master answers; other cluster managers are asked by Spark alone. */
  private static List<String> problemsOf(String master) {
    if (!master.startsWith(SCHEME)) {
      return List.of();
    }
    List<String> failures = new ArrayList<>();
    for (String part : Splitter.on(',').split(master.substring(SCHEME.length()))) {
      try (Socket socket = new Socket()) {
        URI address = URI.create(SCHEME + part);
        socket.connect(
            new InetSocketAddress(address.getHost(), address.getPort()), CONNECT_LIMIT_MS);
        return List.of();
      } catch (IOException | IllegalArgumentException e) {
        failures.add(part + ": " + e.getMessage());
      }
    }
    return List.of(
        "No master of Spark answers at "
            + master
            + " ("
            + String.join("; ", failures)
            + "). Start it, or give --master the address that its web page shows at the top.");
  }

  /** For a terminal. */
  String text() {
    return here
        ? "Spark " + (version == null ? "of unknown version" : version) + ", master " + master
        : "not on the class path; './interlock doctor --strategies spark' looks at it";
  }
}
