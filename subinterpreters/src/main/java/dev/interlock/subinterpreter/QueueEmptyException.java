// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/** There was no item, not even after the time-out. PEP 734's {@code QueueEmpty}. */
public final class QueueEmptyException extends QueueException {
  private static final long serialVersionUID = 1L;

  QueueEmptyException(String message) {
    super(message, null);
  }
}
