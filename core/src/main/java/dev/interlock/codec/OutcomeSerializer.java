// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.interlock.NotShareableException;
import dev.interlock.RemoteTaskException;
import dev.interlock.UndecodableException;
import dev.interlock.spi.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * An outcome, its content in a frame of its own: whatever goes wrong with the content, on either
 * side, becomes the failure of this outcome and of nothing else.
 */
final class OutcomeSerializer extends Serializer<Outcome<?>> {

  @Override
  public void write(Kryo kryo, Output output, Outcome<?> outcome) {
    try (NestedCoder coder = new NestedCoder((CodecKryo) kryo, null)) {
      Object content = outcome.isSuccess() ? outcome.value() : outcome.failure();
      writeContent(coder, (FrameOutput) output, outcome.isSuccess(), content);
    }
  }

  /** Writes a value, or the throwable that is a failure; or what stands for it. */
  void writeContent(
      NestedCoder coder, FrameOutput frame, boolean success, @Nullable Object content) {
    int start = frame.position();
    try {
      frame.writeBoolean(success);
      coder.write(frame, content);
    } catch (NotShareableException | StackOverflowError | OutOfMemoryError e) {
      frame.rewind(start);
      frame.writeBoolean(false);
      coder.write(frame, instead(success, content, e));
    }
  }

  /** What can always be encoded: strings only. */
  private static Throwable instead(boolean success, @Nullable Object content, Throwable thrown) {
    if (!success && content instanceof Throwable failure) {
      return new RemoteTaskException(
          failure.getClass().getName(),
          SafeThrowable.message(failure),
          SafeThrowable.text(failure),
          null);
    }
    if (thrown instanceof NotShareableException notShareable) {
      return notShareable;
    }
    return new NotShareableException(
        TypeNames.of(content),
        thrown instanceof OutOfMemoryError
            ? "There is not enough memory to encode it: give the worker more, or split the work."
            : "It is nested too deeply to be encoded: return a flat structure.",
        null);
  }

  @Override
  public Outcome<?> read(Kryo kryo, Input input, Class<? extends Outcome<?>> type) {
    return read((CodecKryo) kryo, (FrameInput) input);
  }

  Outcome<?> read(CodecKryo kryo, FrameInput frame) {
    try (NestedCoder coder = new NestedCoder(kryo, null)) {
      return readContent(coder, frame);
    }
  }

  @SuppressWarnings("NullAway") // A task may return null.
  Outcome<?> readContent(NestedCoder coder, FrameInput frame) {
    boolean success = frame.readBoolean();
    try {
      Object content = coder.read(frame);
      if (success) {
        return Outcome.success(content);
      }
      return content instanceof Throwable failure
          ? Outcome.failure(failure)
          : Outcome.failure(
              new UndecodableException("Could not decode a failure: it is not a throwable.", null));
    } catch (UndecodableException e) {
      return Outcome.failure(e);
    }
  }
}
