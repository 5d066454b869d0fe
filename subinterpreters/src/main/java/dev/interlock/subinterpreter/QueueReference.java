// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.InvalidObjectException;
import java.io.Serializable;
import java.util.UUID;

/** Stands for a queue's handle inside an object that crosses by the codec. */
final class QueueReference implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String THIS_PROCESS = UUID.randomUUID().toString();

  private final long id;
  private final String process;

  QueueReference(long id) {
    this.id = id;
    this.process = THIS_PROCESS;
  }

  private Object readResolve() throws InvalidObjectException {
    if (!process.equals(THIS_PROCESS)) {
      throw new InvalidObjectException(
          "The queue "
              + id
              + " belongs to another process: its handle has no meaning here. For a queue between"
              + " processes, open a durable one by its directory and name.");
    }
    return InterpreterQueue.lookup(id);
  }
}
