// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.interlock.NotShareableException;
import dev.interlock.UndecodableException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One Kryo with its output and input. Used by one thread at a time. A failed use leaves a few
 * numbers of the interrupted graph in Kryo, which do no harm but add up: after some of them, and
 * after any error, it is thrown away.
 */
final class Coder {
  private static final int MAX_FAILURES = 100;
  private static final String KRYO_TOO_DEEP = "Max depth exceeded";

  private final CodecKryo kryo;
  private final FrameOutput output = new FrameOutput();
  private final FrameInput input = new FrameInput();
  private final Set<Throwable> ownOpenThrowables;
  private final @Nullable DecodeBudget budget;
  private boolean intact = true;
  private int failures;
  private boolean nested;

  Coder(CodecKryo kryo) {
    this.kryo = kryo;
    this.ownOpenThrowables = kryo.openThrowables();
    this.budget = kryo.policy().distrusts() ? new DecodeBudget() : null;
  }

  /** Whether it may be used again. */
  boolean isIntact() {
    return intact && failures < MAX_FAILURES;
  }

  FrameOutput output() {
    return output;
  }

  /** Drops whatever the last use left, before the coder goes back to the pool. */
  void recycle() {
    output.recycle();
    input.recycle();
    kryo.joinOpenThrowables(ownOpenThrowables);
    kryo.shareNames(null);
    kryo.bound(null, 0);
    kryo.restrict(null);
    nested = false;
  }

  /** Refuses to write what a distrusting reader refuses, until it is recycled. */
  void restrict(String setting) {
    kryo.restrict(setting);
  }

  /** Writes or reads frames inside the frame of {@code surrounding}, until it is recycled. */
  void join(CodecKryo surrounding, @Nullable SharedNames names) {
    kryo.joinOpenThrowables(surrounding.openThrowables());
    kryo.shareNames(names);
    DecodeBudget limits = surrounding.budget();
    if (limits != null) {
      kryo.bound(limits, Math.max(1, surrounding.levelsLeft()));
    }
    kryo.restrict(surrounding.restriction());
    nested = true;
  }

  /**
   * Appends {@code value} to {@code target}.
   *
   * @throws NotShareableException if a part of it cannot be encoded
   */
  void write(Output target, @Nullable Object value) {
    intact = false;
    try {
      kryo.writeClassAndObject(target, value);
      intact = true;
    } catch (EncodeRefusal e) {
      recoverable();
      throw e.toNotShareable(value);
    } catch (StackOverflowError e) {
      throw new NotShareableException(
          TypeNames.of(value),
          "It is nested too deeply to be encoded on this thread's stack: pass a flat structure,"
              + " such as a list of the nodes.",
          null);
    } catch (RuntimeException e) {
      recoverable();
      throw EncodeRefusal.unexpected(value, e).toNotShareable(value);
    } catch (LinkageError e) {
      throw EncodeRefusal.unexpected(value, e).toNotShareable(value);
    }
  }

  /**
   * Reads exactly the {@code length} bytes from {@code offset}.
   *
   * @param buffers where large buffers are; null if they are all in the frame
   * @throws UndecodableException if they are not a frame, or what it names is not here
   */
  @Nullable Object read(byte[] bytes, int offset, int length, @Nullable BufferCursor buffers) {
    input.open(bytes, offset, length, buffers);
    if (budget != null && !nested) {
      budget.open(length);
      kryo.bound(budget, DecodeBudget.MOST_LEVELS);
    }
    intact = false;
    try {
      Object value = kryo.readClassAndObject(input);
      if (input.remaining() != 0) {
        throw new KryoException(input.remaining() + " bytes are left over");
      }
      intact = true;
      buffers = null;
      return value;
    } catch (StackOverflowError e) {
      throw new UndecodableException(
          "The object is nested too deeply for the stack of the thread that decodes it: pass a flat"
              + " structure.",
          null);
    } catch (OutOfMemoryError e) {
      throw new UndecodableException(
          "There is not enough memory to decode " + length + " bytes: give the worker more.", e);
    } catch (RuntimeException e) {
      recoverable();
      throw undecodable(length, e);
    } catch (LinkageError e) {
      throw undecodable(length, e);
    } finally {
      if (buffers != null) {
        buffers.incomplete();
      }
    }
  }

  private void recoverable() {
    intact = true;
    failures++;
  }

  /** What went wrong with a message of so many bytes. */
  static UndecodableException undecodable(int length, Throwable thrown) {
    Throwable origin = thrown;
    while (origin.getCause() != null
        && origin.getClass() == KryoException.class
        && origin.getMessage() != null
        && origin.getMessage().startsWith(origin.getCause().getClass().getName())) {
      origin = origin.getCause(); // A wrapper without a message of its own.
    }
    String what =
        origin instanceof KryoException && origin.getMessage() != null
            ? origin.getMessage()
            : TypeNames.brief(origin);
    if (what.startsWith(KRYO_TOO_DEEP)) {
      what =
          "It is nested more than "
              + DecodeBudget.MOST_LEVELS
              + " levels deep, which a result must not be: return a flat structure.";
    }
    return new UndecodableException(
        "Could not decode a message of "
            + length
            + " bytes. "
            + what
            + (what.endsWith(".") ? "" : "."),
        origin instanceof KryoException ? origin.getCause() : origin);
  }
}
