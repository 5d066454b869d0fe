// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter.unload;

import java.util.function.Consumer;

/** Takes away a default handler of uncaught exceptions that the loader's code has set. */
final class UncaughtHandlerCure implements Cure {
  @Override
  public void apply(UnloadableLoader loader, Consumer<String> left) {
    Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
    if (handler != null && loader.defined(handler)) {
      Thread.setDefaultUncaughtExceptionHandler(null);
    }
  }

  @Override
  public String toString() {
    return "the default handler of uncaught exceptions";
  }
}
