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
  private @Nullable Assignment assignment;

  PoolRun(ProcessExecutor executor, TaskCodec codec, Callable<? extends T> task) {
    super(executor, codec, task);
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
