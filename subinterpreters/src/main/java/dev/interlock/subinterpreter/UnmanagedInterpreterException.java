// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/**
 * The interpreter was not made by {@link Interpreters#create}: it is the application itself, or an
 * executor's. Its handle tells about it, but does not change it and runs nothing in it.
 */
public final class UnmanagedInterpreterException extends InterpreterException {
  private static final long serialVersionUID = 1L;

  UnmanagedInterpreterException(String message) {
    super(message, null);
  }
}
