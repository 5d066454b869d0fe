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

/**
 * An outcome, its content in a frame of its own: whatever goes wrong with the content, on either
 * side, becomes the failure of this outcome and of nothing else.
 */
final class OutcomeSerializer extends Serializer<Outcome<?>> {

  @Override
  public void write(Kryo kryo, Output output, Outcome<?> outcome) {
    FrameOutput frame = (FrameOutput) output;
    CodecKryo codecKryo = (CodecKryo) kryo;
    int start = frame.position();
    try {
      frame.writeBoolean(outcome.isSuccess());
      Object content = outcome.isSuccess() ? outcome.value() : outcome.failure();
      codecKryo.codec().encodeNested(codecKryo, frame, content);
    } catch (NotShareableException | StackOverflowError | OutOfMemoryError e) {
      frame.setPosition(start);
      frame.writeBoolean(false);
      codecKryo.codec().encodeNested(codecKryo, frame, instead(outcome, e));
    }
  }

  /** What can always be encoded: strings only. */
  private static Throwable instead(Outcome<?> outcome, Throwable thrown) {
    if (!outcome.isSuccess()) {
      Throwable failure = outcome.failure();
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
        TypeNames.of(outcome.value()),
        thrown instanceof OutOfMemoryError
            ? "There is not enough memory to encode it: give the worker more, or split the work."
            : "It is nested too deeply to be encoded: return a flat structure.",
        null);
  }

  @Override
  @SuppressWarnings("NullAway") // A task may return null.
  public Outcome<?> read(Kryo kryo, Input input, Class<? extends Outcome<?>> type) {
    boolean success = input.readBoolean();
    CodecKryo codecKryo = (CodecKryo) kryo;
    FrameInput frame = (FrameInput) input;
    try {
      Object content = codecKryo.codec().decodeNested(frame);
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
