// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How much memory is resident, read from {@code /proc}: Linux only, empty elsewhere. */
final class ResidentMemory {
  private ResidentMemory() {}

  /**
   * A reading of the resident memory.
   *
   * @param ownBytes of this process, after a garbage collection
   * @param childBytes of all its descendants
   */
  record Reading(long ownBytes, long childBytes) {

    /** What came since {@code before}, per worker; a heap that shrank counts as nothing. */
    long perWorkerSince(Reading before, int workers) {
      long own = Math.max(0, ownBytes - before.ownBytes);
      long children = Math.max(0, childBytes - before.childBytes);
      return (own + children) / workers;
    }
  }

  /** Reads it now; null where it cannot be known. */
  static @Nullable Reading settled() {
    System.gc();
    OptionalLong own = bytesOf(ProcessHandle.current());
    if (own.isEmpty()) {
      return null;
    }
    long children =
        ProcessHandle.current().descendants().mapToLong(child -> bytesOf(child).orElse(0)).sum();
    return new Reading(own.getAsLong(), children);
  }

  /** What came since {@code before}, per worker; null where it cannot be known. */
  static @Nullable Long perWorkerSince(@Nullable Reading before, int workers) {
    Reading now = settled();
    return before == null || now == null ? null : now.perWorkerSince(before, workers);
  }

  private static OptionalLong bytesOf(ProcessHandle process) {
    return bytesOf(Path.of("/proc", Long.toString(process.pid()), "status"));
  }

  static OptionalLong bytesOf(Path status) {
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty(); // no such file system, or the process has just ended
    }
  }
}
