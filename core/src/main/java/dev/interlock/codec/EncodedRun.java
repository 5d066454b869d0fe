// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import dev.interlock.spi.AbstractTaskExecutor;
import dev.interlock.spi.Outcome;
import dev.interlock.spi.TaskRun;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The run of a task on the other side of a boundary. The task is encoded on construction, on the
 * submitting thread, and not kept.
 *
 * @param <T> the type of the result
 */
public class EncodedRun<T extends @Nullable Object> extends TaskRun<T> {
  private static final byte[] NONE = {};

  private final AbstractTaskExecutor executor;
  private volatile byte[] capsule;

  /**
   * Encodes {@code task}.
   *
   * @throws dev.interlock.NotShareableException if it cannot cross
   */
  public EncodedRun(AbstractTaskExecutor executor, TaskCodec codec, Callable<? extends T> task) {
    this(executor, codec, task, null);
  }

  /**
   * Encodes {@code task}, but for the large buffers that {@code sink} takes.
   *
   * @throws dev.interlock.NotShareableException if it cannot cross
   */
  public EncodedRun(
      AbstractTaskExecutor executor,
      TaskCodec codec,
      Callable<? extends T> task,
      @Nullable BufferSink sink) {
    super(executor, task, false);
    this.executor = executor;
    this.capsule = codec.encodeTask(task, sink);
  }

  /** The encoded task; empty once the run has ended. Not to be changed. */
  public final byte[] capsule() {
    return capsule;
  }

  /** Counts the capsule's bytes; the worker calls it when the capsule leaves. */
  public void sent() {
    executor.tally().encoded(capsule.length);
  }

  /** Ends the run with what {@link CapsuleRunner#run} returned. */
  public final void completeWith(TaskCodec codec, byte[] encodedOutcome) {
    completeWith(codec, encodedOutcome, null);
  }

  /**
   * Ends the run with what {@link CapsuleRunner#run} returned.
   *
   * @param source has the large buffers that the outcome's sink took; null if it had none
   */
  @SuppressWarnings("unchecked") // the task said that its result is a T
  public final void completeWith(
      TaskCodec codec, byte[] encodedOutcome, @Nullable BufferSource source) {
    executor.tally().encoded(encodedOutcome.length);
    Outcome<T> outcome;
    try {
      outcome = (Outcome<T>) CapsuleRunner.outcome(codec, encodedOutcome, source);
    } catch (RuntimeException | Error e) { // even out of memory: nobody else will end this run
      fail(e);
      return;
    }
    if (outcome.isSuccess()) {
      succeed(outcome.value());
    } else {
      fail(outcome.failure());
    }
  }

  @Override
  protected void dropPayload() {
    capsule = NONE;
  }
}
