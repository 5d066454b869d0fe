// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.TaskExecutor;
import dev.interlock.spi.WorkerScope;
import org.jspecify.annotations.Nullable;

/** An interpreter's thread: around a blocking call it lets go of the interpreter's lock. */
final class InterpreterScope extends WorkerScope {
  private final InterpreterState state;
  private final @Nullable TaskExecutor executor;
  private boolean blocking;

  /**
   * @param executor whose interpreter it is; null if it is nobody's
   */
  InterpreterScope(InterpreterState state, @Nullable TaskExecutor executor) {
    this.state = state;
    this.executor = executor;
  }

  /** The interpreter's, in {@link InterpreterTable}. */
  long id() {
    return state.id();
  }

  InterpreterState state() {
    return state;
  }

  @Override
  protected @Nullable TaskExecutor executor() {
    return executor;
  }

  void checkpoint() {
    if (!blocking) {
      state.checkpoint();
    }
  }

  @Override
  protected void beforeBlocking() {
    blocking = true;
    state.unlock();
  }

  @Override
  protected void afterBlocking() {
    state.lock();
    blocking = false;
  }
}
