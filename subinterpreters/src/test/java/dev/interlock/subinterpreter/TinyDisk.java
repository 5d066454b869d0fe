// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** For programs that run on a disk of a few pages, and end at the first thing that is not right. */
final class TinyDisk {
  private TinyDisk() {}

  /** Writes a file until the disk is full. */
  static void fill(Path ballast) throws IOException {
    try (var out = Files.newOutputStream(ballast)) {
      byte[] page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      check(String.valueOf(e.getMessage()).contains("No space left on device"), e);
    }
  }

  static void check(boolean condition, Throwable cause) {
    if (!condition) {
      throw new AssertionError("unexpected", cause);
    }
  }
}
