// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong in the runtime rather than in a task; each kind of failure is a type of its own.
 */
public abstract class InterlockException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  protected InterlockException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
