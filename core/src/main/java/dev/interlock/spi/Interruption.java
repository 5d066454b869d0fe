// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

/** How a running task is interrupted, wherever it runs. Thread-safe. */
@FunctionalInterface
public interface Interruption {

  /**
   * Interrupts {@code task} if it is still running; never the one that follows it. Does not wait
   * for the task to react.
   */
  void interrupt(Object task);
}
