// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

/** Where a worker is in its life. {@link Crew} makes the steps. */
enum WorkerState {
  /** The child JVM is starting; it has no task. */
  SPAWNING,
  /** The child waits for a task. */
  IDLE,
  /** One task belongs to the worker, or is about to. */
  BUSY,
  /** The child was asked to end. */
  DRAINING,
  /** The channel is closed; the child's exit is awaited. */
  DYING,
  /** The child is gone, and nothing of it is left. */
  DEAD;

  boolean mayBecome(WorkerState next) {
    return switch (this) {
      case SPAWNING -> next == BUSY || next == DYING;
      case IDLE -> next == BUSY || next == DRAINING || next == DYING;
      case BUSY -> next == IDLE || next == DRAINING || next == DYING;
      case DRAINING -> next == DYING;
      case DYING -> next == DEAD;
      case DEAD -> false;
    };
  }
}
