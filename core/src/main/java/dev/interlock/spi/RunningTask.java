// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import org.jspecify.annotations.Nullable;

/**
 * A task that runs, as its own code sees it: what {@link InterruptSlot} holds while task code runs
 * in it. Thread-safe; no method blocks.
 */
public interface RunningTask {
  /** The number of the task. */
  long taskId();

  /** Which attempt this is, from 1. */
  int attempt();

  /** A heartbeat, with a few words or without; nothing once the task has ended. */
  void progress(@Nullable String what);

  /** Whether it was cancelled, or timed out. */
  boolean isAbandoned();
}
