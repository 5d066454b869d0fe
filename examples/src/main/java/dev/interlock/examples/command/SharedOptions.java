// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import java.util.Map;
import picocli.CommandLine.Option;

/** Options of every command. */
final class SharedOptions {
  private boolean verbose;

  @Option(names = "--verbose", description = "Show what tasks print, and the stack of an error.")
  void verbose(boolean on) {
    verbose = on;
  }

  @Option(
      names = "-D",
      paramLabel = "key=value",
      description = "Set a system property, such as -Dinterlock.workers=4.")
  void property(Map<String, String> properties) {
    properties.forEach(System::setProperty);
  }

  boolean isVerbose() {
    return verbose;
  }
}
