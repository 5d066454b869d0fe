// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

/** What {@code submit} does when the queue is full. */
public enum QueuePolicy {
  /**
   * Waits for a place. A task that submits to its own executor never waits: it may exceed the
   * bound.
   */
  BLOCK,
  /** Throws {@link java.util.concurrent.RejectedExecutionException}. */
  REJECT,
  /** Runs the task on the submitting thread; not where workers are isolated. */
  CALLER_RUNS
}
