// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import org.jspecify.annotations.Nullable;

/**
 * Code that ran in an interpreter threw and did not catch; CPython's {@code ExecutionFailed}.
 *
 * <p>What it threw stays in its interpreter: an exception holds on to its class, and so to the
 * interpreter's class loader. Here are its class's name, its message and its whole text.
 */
public final class ExecutionFailedException extends InterpreterException {
  private static final long serialVersionUID = 1L;

  private final String type;
  private final @Nullable String remoteMessage;
  private final String formatted;

  ExecutionFailedException(long id, String type, @Nullable String remoteMessage, String formatted) {
    super(
        (remoteMessage == null ? type : type + ": " + remoteMessage)
            + "\n\nUncaught in interpreter "
            + id
            + ":\n\n"
            + formatted.stripTrailing()
            + "\n",
        null);
    this.type = type;
    this.remoteMessage = remoteMessage;
    this.formatted = formatted;
  }

  /** The class name of what was thrown. */
  public String type() {
    return type;
  }

  /** Its message. */
  public @Nullable String remoteMessage() {
    return remoteMessage;
  }

  /** What {@code printStackTrace} printed in the interpreter: stack, causes and suppressed ones. */
  public String formatted() {
    return formatted;
  }
}
