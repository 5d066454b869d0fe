// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.Action;
import dev.interlock.Task;

/** The worker initializer on its way to an executor. */
record InitializerTask(Action initializer) implements Task<Boolean> {
  @Override
  public Boolean call() {
    initializer.run();
    return true;
  }
}
