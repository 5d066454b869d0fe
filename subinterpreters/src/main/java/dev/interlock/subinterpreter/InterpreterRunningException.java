// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/**
 * The interpreter runs code already: it runs one {@code exec} or {@code call} at a time, and is not
 * closed while it runs anything.
 */
public final class InterpreterRunningException extends InterpreterException {
  private static final long serialVersionUID = 1L;

  InterpreterRunningException(String message) {
    super(message, null);
  }
}
