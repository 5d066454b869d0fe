// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import dev.interlock.UndecodableException;
import dev.interlock.spi.Outcome;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The worker's side of an encoded task: decode, run, encode what became of it. */
public final class CapsuleRunner {
  // The first byte of a capsule, with the mark of ConstantTasks; the task follows.

  /** Whatever the task returns is encoded. */
  static final byte ANY_RESULT = 0;

  /** The result goes to a side that decodes data only. */
  static final byte DATA_ONLY = 1;

  private CapsuleRunner() {}

  /**
   * Runs the task that {@link TaskCodec#encodeTask} has put into {@code capsule} on the current
   * thread, under the codec's loader, and returns its encoded {@link Outcome}. What the task throws
   * is part of the outcome, and so is a capsule that cannot be decoded; this method itself throws
   * neither.
   */
  public static byte[] run(TaskCodec codec, byte[] capsule) {
    return run(codec, capsule, null, null, null);
  }

  /**
   * {@link #run(TaskCodec, byte[])}, but what the task throws goes through {@code explain} first,
   * on the same thread.
   */
  public static byte[] run(TaskCodec codec, byte[] capsule, UnaryOperator<Throwable> explain) {
    return encode(codec, capsule, outcomeOf(codec, capsule, null, null, explain), null);
  }

  /**
   * {@link #run(TaskCodec, byte[])} with large buffers out of band.
   *
   * @param source has those of the capsule; null if it has none
   * @param sink takes those of the outcome; null if none are taken
   * @param begins called when the task is decoded, before its first instruction; what it throws is
   *     the outcome; null for nothing
   */
  public static byte[] run(
      TaskCodec codec,
      byte[] capsule,
      @Nullable BufferSource source,
      @Nullable BufferSink sink,
      @Nullable Runnable begins) {
    return encode(codec, capsule, outcomeOf(codec, capsule, source, begins, null), sink);
  }

  private static byte[] encode(
      TaskCodec codec,
      byte[] capsule,
      Outcome<@Nullable Object> outcome,
      @Nullable BufferSink sink) {
    byte[] small = SmallOutcome.encode(outcome);
    if (small != null) {
      return small;
    }
    return (capsule[0] & DATA_ONLY) != 0
        ? codec.encodeDataOnly(outcome, sink)
        : codec.encode(outcome, sink);
  }

  /**
   * Decodes what {@link #run} returned.
   *
   * @throws UndecodableException if the bytes are damaged, or a class is missing or not allowed
   */
  public static Outcome<?> outcome(TaskCodec codec, byte[] encoded) {
    return outcome(codec, encoded, null);
  }

  static Outcome<?> outcome(TaskCodec codec, byte[] encoded, @Nullable BufferSource source) {
    return isSmall(encoded)
        ? SmallOutcome.decode(encoded)
        : (Outcome<?>)
            Objects.requireNonNull(codec.decode(encoded, 0, encoded.length, source), "outcome");
  }

  /** Whether the outcome is of a kind that never has buffers beside it. */
  public static boolean isSmall(byte[] encoded) {
    return SmallOutcome.is(encoded);
  }

  private static Outcome<@Nullable Object> outcomeOf(
      TaskCodec codec,
      byte[] capsule,
      @Nullable BufferSource source,
      @Nullable Runnable begins,
      @Nullable UnaryOperator<Throwable> explain) {
    Callable<?> task;
    try {
      task = codec.decodeTask(capsule, source);
    } catch (UndecodableException e) {
      return Outcome.failure(e);
    }
    if (task == null) {
      throw new IllegalStateException("a capsule without a task");
    }
    try {
      if (begins != null) {
        begins.run();
      }
      return Outcome.success(task.call());
    } catch (Throwable failure) { // the task's own: it goes to whoever asks for the result
      return Outcome.failure(explain == null ? failure : explain.apply(failure));
    }
  }
}
