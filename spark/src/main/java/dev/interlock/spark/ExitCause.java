// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an executor's process has ended, as far as Spark's own words tell.
 *
 * @param text for messages: {@code exit code 3}, {@code signal 9 (SIGKILL)}
 * @param exitCode -1 if unknown
 */
record ExitCause(String text, int exitCode) {
  /** Spark's own managers say code, YARN says status. */
  private static final Pattern CODE =
      Pattern.compile("(?i)exit\\D{0,20}(?:code|status):? (\\d{1,9})(?!\\d)");

  private static final int SIGNALLED = 128;
  private static final int SIGABRT = SIGNALLED + 6;
  private static final int SIGSEGV = SIGNALLED + 11;
  private static final int SIGKILL = SIGNALLED + 9;
  private static final int SIGTERM = SIGNALLED + 15;

  /** Reads what Spark says: {@code Command exited with code 3}. */
  static ExitCause of(String reason) {
    Matcher code = CODE.matcher(reason);
    return code.find()
        ? ofCode(Integer.parseInt(code.group(1)))
        : new ExitCause(reason.isBlank() ? "the executor was lost" : reason, -1);
  }

  private static ExitCause ofCode(int code) {
    String text =
        switch (code) {
          case SIGKILL -> "signal 9 (SIGKILL)";
          case SIGTERM -> "signal 15 (SIGTERM)";
          case SIGABRT -> "signal 6 (SIGABRT)";
          case SIGSEGV -> "signal 11 (SIGSEGV)";
          default -> "exit code " + code;
        };
    return new ExitCause(text, code);
  }

  /** Whether the process ended itself: somebody in it called exit, or the JVM crashed. */
  boolean isOwnDoing() {
    return (exitCode >= 0 && exitCode < SIGNALLED) || exitCode == SIGABRT || exitCode == SIGSEGV;
  }

  /** Whether we ended it, for a task that ignored its interrupt. */
  boolean isOurs() {
    return exitCode == KillWatch.EXIT_CODE;
  }
}
