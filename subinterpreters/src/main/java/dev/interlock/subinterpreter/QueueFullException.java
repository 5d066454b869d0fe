// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/**
 * There was no room for the item, not even after the time-out; it is not in the queue. PEP 734's
 * {@code QueueFull}.
 */
public final class QueueFullException extends QueueException {
  private static final long serialVersionUID = 1L;

  QueueFullException(String message) {
    super(message, null);
  }
}
