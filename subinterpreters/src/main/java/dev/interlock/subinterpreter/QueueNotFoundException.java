// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/** There is no open queue of this id, or the queue was closed. PEP 734's {@code QueueNotFound}. */
public final class QueueNotFoundException extends QueueException {
  private static final long serialVersionUID = 1L;

  QueueNotFoundException(String message) {
    super(message, null);
  }

  static QueueNotFoundException closed(long id) {
    return new QueueNotFoundException("The queue " + id + " is closed.");
  }
}
