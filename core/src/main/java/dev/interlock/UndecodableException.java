// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import org.jspecify.annotations.Nullable;

/**
 * What came across the boundary could not be turned back into an object: a class that is not on the
 * other side's class path or not allowed there, a damaged or truncated message, or user code that
 * threw while an object was rebuilt. It fails only the future it belongs to.
 */
public final class UndecodableException extends InterlockException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what could not be decoded, and what to do
   */
  public UndecodableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
