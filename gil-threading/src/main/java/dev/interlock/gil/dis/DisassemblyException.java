// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import org.jspecify.annotations.Nullable;

/** What was asked for cannot be disassembled; the message says why and what to ask for instead. */
public final class DisassemblyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DisassemblyException(String message) {
    this(message, null);
  }

  DisassemblyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
