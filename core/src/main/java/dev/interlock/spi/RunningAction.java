// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import org.jspecify.annotations.Nullable;

/**
 * An action without a future, as its own code sees it. It has no limits, and cannot be cancelled.
 */
record RunningAction(long taskId) implements RunningTask {
  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public void progress(@Nullable String what) {}

  @Override
  public boolean isAbandoned() {
    return false;
  }
}
