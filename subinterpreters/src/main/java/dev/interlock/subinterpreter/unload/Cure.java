// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter.unload;

import java.util.function.Consumer;

/** Frees a class loader from one kind of thing that refers to it. */
interface Cure {
  /**
   * Does what can be done.
   *
   * @param left is told what still refers to the loader, in words for a log line
   * @throws Exception if it could not be found out
   */
  void apply(UnloadableLoader loader, Consumer<String> left) throws Exception;
}
