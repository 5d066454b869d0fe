// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much of a process's memory is in RAM: by {@code /proc} on Linux, some 30 us, elsewhere by
 * {@code ps}, some milliseconds.
 */
final class ResidentMemory {
  private static final Logger log = LoggerFactory.getLogger(ResidentMemory.class);
  private static final Pattern RSS = Pattern.compile("(?m)^VmRSS:\\s*(\\d+) kB$");
  private static final Pattern NUMBER = Pattern.compile("(\\d+)");
  private static final int KIBI_BITS = 10;

  private ResidentMemory() {}

  /** In bytes; 0 if it is gone, or cannot be known. */
  static long ofProcess(long pid) {
    try {
      Path status = Path.of("/proc", String.valueOf(pid), "status");
      return Files.exists(status)
          ? kibibytes(RSS, Files.readString(status, StandardCharsets.ISO_8859_1))
          : kibibytes(NUMBER, ps(pid));
    } catch (IOException e) {
      log.debug("The memory of process {} cannot be read", pid, e);
      return 0;
    }
  }

  private static String ps(long pid) throws IOException {
    Process ps =
        new ProcessBuilder(List.of("ps", "-o", "rss=", "-p", String.valueOf(pid)))
            .redirectErrorStream(true)
            .start();
    try (InputStream said = ps.getInputStream()) {
      return new String(said.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static long kibibytes(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    return found.find() ? Long.parseLong(found.group(1)) << KIBI_BITS : 0;
  }
}
