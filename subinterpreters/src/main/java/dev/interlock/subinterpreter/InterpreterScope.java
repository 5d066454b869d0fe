// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.TaskExecutor;
import dev.interlock.spi.WorkerScope;

/** An interpreter's thread: around a blocking call it lets go of the interpreter's lock. */
final class InterpreterScope extends WorkerScope {
  private final long id;
  private final TaskExecutor executor;
  private final InterpreterGil lock;

  InterpreterScope(long id, TaskExecutor executor, InterpreterGil lock) {
    this.id = id;
    this.executor = executor;
    this.lock = lock;
  }

  /** The interpreter's, in {@link InterpreterTable}. */
  long id() {
    return id;
  }

  @Override
  protected TaskExecutor executor() {
    return executor;
  }

  @Override
  protected void beforeBlocking() {
    lock.release();
  }

  @Override
  protected void afterBlocking() {
    lock.acquire();
  }
}
