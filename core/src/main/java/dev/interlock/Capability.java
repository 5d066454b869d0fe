// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

/**
 * What a strategy can do. Declared by the strategy, never discovered by trying: ask {@link
 * TaskExecutor#capabilities()}.
 */
public enum Capability {
  /** A task sees, and may change, the submitter's own objects and statics. */
  SHARED_MEMORY,
  /**
   * Tasks and results cross by copies: what a task captures is encoded in {@code submit}, and what
   * cannot be is refused there. The opposite of {@link #SHARED_MEMORY}.
   */
  COPIED_TASKS,
  /** A worker has statics of its own: nothing that a task changes there is visible elsewhere. */
  ISOLATED_STATE,
  /** Two tasks compute at the same instant on two processors. */
  PARALLELISM,
  /** Exactly one thread runs task code at any instant, as under CPython's interpreter lock. */
  MUTUAL_EXCLUSION,
  /** A task may submit to its own executor and wait for the result. */
  NESTED_SUBMIT,
  /** A task that takes its runtime down takes no other worker's task with it. */
  CRASH_CONTAINMENT,
  /** A task that ignores interrupts can be stopped all the same. */
  KILL,
  /** Workers are replaced after so many tasks, above a size, and released when idle. */
  RECYCLING
}
