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
 * The report that a JVM writes when it crashes ({@code hs_err_pid1234.log}): children write theirs
 * into the scratch directory, where it is read once and deleted. They write no core file.
 */
final class CrashLog {
  private static final Logger log = LoggerFactory.getLogger(CrashLog.class);
  private static final int MOST_READ_BYTES = 256 << 10;
  private static final int MOST_KEPT_CHARACTERS = 16 << 10;

  private static final Pattern SIGNAL =
      Pattern.compile("(?m)^#\\s+(SIG[A-Z]+) \\(0x([0-9a-f]+)\\)");
  private static final int HEXADECIMAL = 16;

  /** With these begin what follows the head: the rest of the report is for the JVM's makers. */
  private static final List<String> ENDS =
      List.of("\nRegisters:", "---------------  P R O C E S S  ---------------");

  private CrashLog() {}

  /** What the children's JVMs must be told. */
  static List<String> arguments(Path directory) {
    return List.of(
        "-XX:ErrorFile=" + directory.resolve("hs_err_pid%p.log"), "-XX:-CreateCoredumpOnCrash");
  }

  /**
   * The head of the report of the child with this pid, which is deleted; empty if there is none.
   */
  static String take(Path directory, long pid) {
    Path file = directory.resolve("hs_err_pid" + pid + ".log");
    if (!Files.exists(file)) {
      return "";
    }
    try (InputStream stream = Files.newInputStream(file)) {
      return head(new String(stream.readNBytes(MOST_READ_BYTES), StandardCharsets.UTF_8));
    } catch (IOException e) {
      log.warn("Cannot read {}", file, e);
      return "";
    } finally {
      delete(file);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn("Cannot delete {}; it goes with its directory", file, e);
    }
  }

  /**
   * How the JVM died: by the signal that its report names, since without a core file it ends with
   * an ordinary exit code.
   *
   * @param otherwise where there is no report, or none of a signal
   */
  static String deathCause(String head, String otherwise) {
    Matcher signal = SIGNAL.matcher(head);
    return signal.find()
        ? "signal " + Integer.parseInt(signal.group(2), HEXADECIMAL) + " (" + signal.group(1) + ")"
        : otherwise;
  }

  /** Signal, problematic frame, thread and stack. */
  static String head(String report) {
    int end = report.length();
    for (String next : ENDS) {
      int at = report.indexOf(next);
      if (at >= 0) {
        end = Math.min(end, at);
      }
    }
    return report.substring(0, Math.min(end, MOST_KEPT_CHARACTERS)).strip();
  }
}
