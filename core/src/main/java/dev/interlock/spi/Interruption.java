// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.TaskTimeoutException;

/** How a running task is interrupted, wherever it runs. Thread-safe. */
@FunctionalInterface
public interface Interruption {

  /**
   * Interrupts {@code task} if it is still running; never the one that follows it. Does not wait
   * for the task to react.
   */
  void interrupt(Object task);

  /**
   * Stops {@code task} by force if it is still running, and fails its future with {@code why};
   * never the one that follows it. Does not wait. By default, and where a strategy has not the
   * capability {@link dev.interlock.Capability#KILL}, the task is interrupted.
   */
  default void stopByForce(TaskRun<?> task, TaskTimeoutException why) {
    task.stopByInterrupt(why);
  }

  /**
   * {@code task} is cancelled without an interrupt: if its worker has it but has not started it, it
   * need not start. Does nothing by default, for strategies whose workers start what they take.
   */
  default void withdraw(Object task) {}
}
