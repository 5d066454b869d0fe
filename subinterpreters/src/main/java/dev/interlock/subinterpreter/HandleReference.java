// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.codec.TaskCodec;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stands for the handle of an interpreter or a queue inside an object that crosses by the codec: on
 * the other side it is the handle there is. It has no meaning in another process.
 */
final class HandleReference implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String THIS_PROCESS = UUID.randomUUID().toString();

  /** Set while the current thread encodes what outlives the process. */
  private static final ThreadLocal<@Nullable Boolean> OUTLIVING = new ThreadLocal<>();

  /** What the handle is of. */
  enum Kind {
    /** An {@link Interpreter}. */
    INTERPRETER(" Give the other process the value that it is to work with."),
    /** An {@link InterpreterQueue}. */
    QUEUE(" For a queue between processes, open a durable one by its directory and name.");

    private final String advice;

    Kind(String advice) {
      this.advice = advice;
    }

    private String of(long id) {
      return "The " + (this == QUEUE ? "queue " : "interpreter ") + id;
    }
  }

  private final Kind kind;
  private final long id;
  private final String process;

  /**
   * @throws NotSerializableException if it would go into what outlives the process
   */
  HandleReference(Kind kind, long id) throws NotSerializableException {
    if (OUTLIVING.get() != null) {
      throw new NotSerializableException(
          kind.of(id) + " is of this process, which a durable queue outlives." + kind.advice);
    }
    this.kind = kind;
    this.id = id;
    this.process = THIS_PROCESS;
  }

  /**
   * Encodes what outlives the process.
   *
   * @throws dev.interlock.NotShareableException if a handle is in it, however deep, or something
   *     else that cannot cross
   */
  static byte[] encodeOutliving(TaskCodec codec, @Nullable Object value) {
    OUTLIVING.set(true);
    try {
      return codec.encode(value);
    } finally {
      OUTLIVING.remove();
    }
  }

  private Object readResolve() throws InvalidObjectException {
    if (!process.equals(THIS_PROCESS)) {
      throw new InvalidObjectException(
          kind.of(id)
              + " belongs to another process: its handle has no meaning here."
              + kind.advice);
    }
    return kind == Kind.QUEUE ? Interpreters.lookupQueue(id) : Interpreters.lookup(id);
  }
}
