// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples;

import org.jspecify.annotations.Nullable;

/** The command was asked for something it cannot do; the message says what to do instead. */
public final class BadUsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BadUsageException(String message) {
    this(message, null);
  }

  public BadUsageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
