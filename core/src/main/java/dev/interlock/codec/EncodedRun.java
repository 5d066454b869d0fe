// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import dev.interlock.spi.AbstractTaskExecutor;
import dev.interlock.spi.Outcome;
import dev.interlock.spi.TaskRun;
import java.util.Objects;
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
    super(executor, task, false);
    this.executor = executor;
    this.capsule = codec.encodeTask(task);
  }

  /** The encoded task; empty once the run has ended. Not to be changed. */
  public final byte[] capsule() {
    return capsule;
  }

  /** Counts the capsule's bytes; the worker calls it when the capsule leaves. */
  public final void sent() {
    executor.tally().encoded(capsule.length);
  }

  /** Ends the run with what {@link CapsuleRunner#run} returned. */
  @SuppressWarnings("unchecked") // the task said that its result is a T
  public final void completeWith(TaskCodec codec, byte[] encodedOutcome) {
    executor.tally().encoded(encodedOutcome.length);
    Outcome<T> outcome;
    try {
      outcome = (Outcome<T>) Objects.requireNonNull(codec.decode(encodedOutcome), "outcome");
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
  protected final void dropPayload() {
    capsule = NONE;
  }
}
