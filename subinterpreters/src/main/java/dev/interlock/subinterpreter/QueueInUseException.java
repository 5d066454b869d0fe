// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/** This end of a durable queue belongs to somebody else: each has one owner at a time. */
public final class QueueInUseException extends QueueException {
  private static final long serialVersionUID = 1L;

  QueueInUseException(String message) {
    super(message, null);
  }
}
