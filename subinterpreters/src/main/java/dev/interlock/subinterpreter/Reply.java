// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.NotShareableException;
import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.Outcome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What came of {@link Work}. Holds nothing that belongs to the interpreter's loader. */
sealed interface Reply {

  /**
   * What the caller gets, on its own thread.
   *
   * @param id the interpreter's
   * @param codec decodes under the caller's loader
   */
  @Nullable Object open(long id, TaskCodec codec);

  /** Nothing was asked for. */
  Reply DONE = new Shared(Parcel.ofConstant(null));

  /** A shareable value. */
  record Shared(Parcel value) implements Reply {
    @Override
    public @Nullable Object open(long id, TaskCodec codec) {
      return value.unpack(codec);
    }
  }

  /** An encoded {@link Outcome}: a value, or why there is none that could cross. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Encoded(byte[] outcome) implements Reply {
    @Override
    public @Nullable Object open(long id, TaskCodec codec) {
      Outcome<?> decoded = (Outcome<?>) Objects.requireNonNull(codec.decode(outcome));
      if (decoded.isSuccess()) {
        return decoded.value();
      }
      Throwable failure = decoded.failure();
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      throw new InterpreterException("The result cannot cross: " + failure.getMessage(), failure);
    }
  }

  /** The code threw. */
  record Thrown(String type, @Nullable String message, String text) implements Reply {

    static Thrown of(Throwable raw) {
      Throwable thrown = NativeLibraryException.explain(raw);
      String type = thrown.getClass().getName();
      try {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return new Thrown(type, thrown.getMessage(), text.toString());
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
        return new Thrown(type, null, type + " (its text cannot be had: " + e.getClass() + ")");
      }
    }

    @Override
    public @Nullable Object open(long id, TaskCodec codec) {
      throw new ExecutionFailedException(id, type, message, text);
    }
  }

  /** The source does not compile. */
  record Rejected(List<InvalidSourceException.Problem> problems) implements Reply {
    @Override
    public @Nullable Object open(long id, TaskCodec codec) {
      throw new InvalidSourceException(id, problems);
    }
  }

  /** The interpreter has no variable of that name. */
  record NoVariable(String name) implements Reply {
    @Override
    public @Nullable Object open(long id, TaskCodec codec) {
      throw new NoSuchElementException("Interpreter " + id + " has no variable " + name + ".");
    }
  }

  /** The runtime cannot do what was asked for. */
  record Unable(String message) implements Reply {
    @Override
    public @Nullable Object open(long id, TaskCodec codec) {
      throw new InterpreterException("Interpreter " + id + ": " + message, null);
    }
  }

  /** Why something could not cross, told by the codec. */
  static Reply failed(RuntimeException failure, TaskCodec codec) {
    return new Encoded(codec.encode(Outcome.failure(failure)));
  }

  /** What {@code value} of the current interpreter becomes on its way out. */
  @SuppressWarnings("NullAway") // an outcome may be null
  static Reply of(@Nullable Object value, TaskCodec codec) {
    Parcel parcel;
    try {
      parcel = Shareable.packed(value);
    } catch (NotShareableException e) { // an accessor of a record has thrown
      return failed(e, codec);
    }
    return parcel != null ? new Shared(parcel) : new Encoded(codec.encode(Outcome.success(value)));
  }
}
