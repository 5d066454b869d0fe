// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/** The message log was closed, before this call or while it waited. */
final class LogClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  LogClosedException(String log) {
    super("The message log " + log + " is closed; what it still held is gone.");
  }
}
