// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.codec.EncodedRun;
import dev.interlock.codec.TaskCodec;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A run whose outcome a waiting thread may take out of the outbox itself.
 *
 * @param <T> the type of the result
 */
final class PoolTask<T extends @Nullable Object> extends EncodedRun<T> {
  private final SubinterpreterExecutor executor;
  private final AtomicBoolean counted = new AtomicBoolean();

  /** Not kept when the run has ended, for it would keep the interpreter's classes. */
  private volatile @Nullable PoolInterpreter interpreter;

  PoolTask(SubinterpreterExecutor executor, TaskCodec codec, Callable<? extends T> task) {
    super(executor, codec, task);
    this.executor = executor;
  }

  /** The run has been put into an inbox. Of two of them, the last; either may run it. */
  void sentTo(PoolInterpreter receiver) {
    if (counted.compareAndSet(false, true)) {
      sent();
    }
    interpreter = receiver;
    if (isDone()) {
      interpreter = null;
    }
  }

  @Override
  protected void dropPayload() {
    super.dropPayload();
    interpreter = null;
  }

  /** Where it was sent; null if nowhere yet. */
  @Nullable PoolInterpreter interpreter() {
    return interpreter;
  }

  @Override
  protected void beforeWaiting(boolean untilDone) {
    executor.assist(this);
  }
}
