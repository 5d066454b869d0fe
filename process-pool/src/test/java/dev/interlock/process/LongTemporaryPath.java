// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Moves the temporary files of a class of tests to a path too long for a Unix-domain socket, so
 * that parent and children meet at a loopback port.
 */
final class LongTemporaryPath implements BeforeAllCallback, AfterAllCallback {
  private static final int LONGEST_SOCKET_PATH = 103;
  private static final String TEMPORARY = "java.io.tmpdir";

  private String before = "";
  private Path folder = Path.of("");

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    before = System.getProperty(TEMPORARY);
    folder = Files.createTempDirectory("x".repeat(LONGEST_SOCKET_PATH));
    System.setProperty(TEMPORARY, folder.toString());
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    System.setProperty(TEMPORARY, before);
    try (Stream<Path> left = Files.walk(folder)) {
      for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
