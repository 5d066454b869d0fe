// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.codec.EncodedRun;
import dev.interlock.codec.TaskCodec;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A run whose result a waiting thread may fetch itself.
 *
 * @param <T> the type of the result
 */
final class PoolRun<T extends @Nullable Object> extends EncodedRun<T> {
  private final ProcessExecutor executor;
  private final @Nullable SideFile buffers;
  private @Nullable Assignment assignment;

  /**
   * @param buffers takes the task's large buffers, and is deleted when the run has ended; null if
   *     everything goes into the capsule
   */
  PoolRun(
      ProcessExecutor executor,
      TaskCodec codec,
      Callable<? extends T> task,
      @Nullable SideFile buffers) {
    super(executor, codec, task, buffers);
    this.executor = executor;
    this.buffers = buffers;
  }

  /** How many bytes of the task are beside its capsule. */
  long bufferBytes() {
    return buffers == null ? 0 : buffers.bytes();
  }

  @Override
  public void sent() {
    super.sent();
    long bytes = bufferBytes();
    if (bytes > 0) {
      executor.tally().encoded(bytes);
    }
  }

  @Override
  protected void dropPayload() {
    super.dropPayload();
    if (buffers != null) {
      buffers.release();
    }
  }

  /** Called once, before anybody else has the run. */
  Assignment assign() {
    Assignment made = new Assignment(this);
    assignment = made;
    return made;
  }

  @Override
  protected void beforeWaiting(boolean untilDone) {
    if (untilDone) {
      OutcomeReader.readWhileWaitingFor(this);
    }
    if (assignment != null) {
      assignment.awaited();
    }
  }
}
