// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.codec.TaskCodec;

/** The codec of the interpreter whose code the current thread runs. */
final class LocalCodec {
  private static final TaskCodec MAIN = new TaskCodec(LocalCodec.class.getClassLoader());

  private LocalCodec() {}

  /**
   * The codec of the interpreter that the context loader belongs to; that of the application if to
   * none.
   */
  static TaskCodec current() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    while (loader != null) {
      if (loader instanceof InterpreterLoader own) {
        return own.codec();
      }
      loader = loader.getParent();
    }
    return MAIN;
  }
}
