// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/**
 * There is no interpreter of that id, or no longer: it was closed. CPython's {@code
 * InterpreterNotFoundError}.
 */
public final class InterpreterNotFoundException extends InterpreterException {
  private static final long serialVersionUID = 1L;

  private final long id;

  InterpreterNotFoundException(long id, String message) {
    super(message, null);
    this.id = id;
  }

  static InterpreterNotFoundException closed(long id) {
    return new InterpreterNotFoundException(id, "Interpreter " + id + " is closed.");
  }

  static InterpreterNotFoundException unknown(long id) {
    return new InterpreterNotFoundException(
        id, "There is no interpreter " + id + ": it was never created, or it is closed.");
  }

  /** The id that was asked for. */
  public long id() {
    return id;
  }
}
