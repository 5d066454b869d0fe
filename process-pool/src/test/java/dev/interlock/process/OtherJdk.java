// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A JDK of another version than the one that runs the tests, where the machine has one. */
final class OtherJdk {
  private static final Path PLACE = Path.of("/usr/lib/jvm");
  private static final List<Integer> VERSIONS = List.of(17, 21, 25);

  private OtherJdk() {}

  /** Its home; skips the test where there is none. */
  static Path home() throws IOException {
    Optional<Path> found = find();
    assumeTrue(found.isPresent(), "no JDK of another version in " + PLACE);
    return found.orElseThrow();
  }

  private static Optional<Path> find() throws IOException {
    if (!Files.isDirectory(PLACE)) {
      return Optional.empty();
    }
    try (Stream<Path> homes = Files.list(PLACE)) {
      return homes.filter(OtherJdk::isOther).sorted().findFirst();
    }
  }

  private static boolean isOther(Path home) {
    try {
      String release = Files.readString(home.resolve("release"));
      return Files.isExecutable(home.resolve("bin").resolve("javac"))
          && VERSIONS.stream()
              .filter(version -> version != Runtime.version().feature())
              .anyMatch(version -> release.contains("JAVA_VERSION=\"" + version + "."));
    } catch (IOException e) {
      return false;
    }
  }
}
