// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/** The jar that this class comes from, which is the agent's. */
public final class AgentJar {
  private AgentJar() {}

  /** Its path; empty when the class does not come from a jar, as in a build. */
  public static Optional<Path> path() {
    CodeSource source = AgentJar.class.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(source.getLocation().toURI());
      return Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
    } catch (URISyntaxException
        | IllegalArgumentException
        | java.nio.file.FileSystemNotFoundException e) {
      return Optional.empty(); // a class loader with places of its own kind
    }
  }

  /** What to do to have the agent, in a sentence. */
  public static String advice() {
    return path()
        .map(jar -> "Start the JVM with -javaagent:" + jar + ".")
        .orElse(
            "Start the JVM with -javaagent: and the path of the jar of interlock-gil-threading.");
  }
}
