// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Task;
import org.jspecify.annotations.Nullable;

/** A runnable as a task; it can cross a boundary if the runnable can. */
record ActionTask(Runnable action) implements Task<@Nullable Object> {
  @Override
  public @Nullable Object call() {
    action.run();
    return null;
  }
}
