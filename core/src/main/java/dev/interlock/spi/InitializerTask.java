// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Action;
import dev.interlock.Task;

/** The worker initializer on its way to a worker; what cannot cross names it. */
record InitializerTask(Action initializer) implements Task<Boolean> {
  @Override
  public Boolean call() {
    initializer.run();
    return true;
  }
}
