// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What tasks leave behind as evidence, across every boundary: lines of a file.
 *
 * @param path where the file is
 */
public record Trace(String path) implements Serializable {

  /** Adds a line; lines of several writers do not mix. */
  public void mark(String line) {
    try {
      Files.writeString(
          Path.of(path), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines so far. */
  public List<String> lines() {
    try {
      return Files.exists(Path.of(path)) ? Files.readAllLines(Path.of(path)) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
