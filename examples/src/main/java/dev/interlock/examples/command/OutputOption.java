// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import dev.interlock.examples.BadUsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a report goes: standard output, or a file. */
final class OutputOption {
  @Option(names = "--output", paramLabel = "FILE", description = "Write the report there.")
  private @Nullable Path output;

  /** Checks that the report can be written where it is wanted; to be called before a long run. */
  void check() {
    if (output == null) {
      return;
    }
    Path file = output.toAbsolutePath().normalize();
    Path directory = file.getParent();
    boolean writable =
        Files.exists(file)
            ? Files.isRegularFile(file) && Files.isWritable(file)
            : directory != null && Files.isDirectory(directory) && Files.isWritable(directory);
    if (!writable) {
      throw new BadUsageException(
          "--output " + file + " cannot be written. Give it a file in a directory that exists.");
    }
  }

  void write(String report) throws IOException {
    if (output == null) {
      System.out.print(report);
      System.out.flush();
    } else {
      Files.writeString(output, report, StandardCharsets.UTF_8);
    }
  }
}
