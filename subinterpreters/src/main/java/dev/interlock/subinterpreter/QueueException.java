// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.InterlockException;
import org.jspecify.annotations.Nullable;

/** An {@link InterpreterQueue} could not do what was asked; each reason is a type of its own. */
public abstract class QueueException extends InterlockException {
  private static final long serialVersionUID = 1L;

  QueueException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
