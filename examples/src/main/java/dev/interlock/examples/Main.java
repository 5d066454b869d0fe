// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples;

import dev.interlock.examples.command.InterlockCommand;

/** The {@code interlock} command. */
public final class Main {
  private Main() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(InterlockCommand.execute(arguments));
  }
}
