// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.WorkerScope;
import org.jspecify.annotations.Nullable;

/** The codec of the interpreter whose code the current thread runs. */
final class LocalCodec {
  private static final TaskCodec MAIN = new TaskCodec(LocalCodec.class.getClassLoader());

  private LocalCodec() {}

  /** The interpreter's codec; that of the application if the thread runs no interpreter's code. */
  static TaskCodec current() {
    TaskCodec own = ofInterpreter();
    return own == null ? MAIN : own;
  }

  /**
   * The codec of the interpreter whose thread this is; else of the one that the context loader
   * belongs to, for threads that code in an interpreter has started; null if there is none.
   */
  static @Nullable TaskCodec ofInterpreter() {
    if (WorkerScope.current() instanceof InterpreterScope scope) {
      return scope.state().codec();
    }
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    while (loader != null) {
      if (loader instanceof InterpreterLoader own) {
        return own.codec();
      }
      loader = loader.getParent();
    }
    return null;
  }
}
