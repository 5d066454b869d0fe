// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.IOException;

/**
 * The files of a queue cannot be had, or there is no space for an item. The cause is an {@link
 * IOException}. What was asked for was not done; the queue, if it was open, goes on, and later
 * calls succeed once there is space.
 */
public final class QueueStorageException extends QueueException {
  private static final long serialVersionUID = 1L;

  QueueStorageException(String message, IOException cause) {
    super(message, cause);
  }
}
