// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.InterlockException;
import org.jspecify.annotations.Nullable;

/**
 * Something that an interpreter was asked for was not possible; CPython's {@code InterpreterError}.
 * The subclasses say why.
 */
public class InterpreterException extends InterlockException {
  private static final long serialVersionUID = 1L;

  InterpreterException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
