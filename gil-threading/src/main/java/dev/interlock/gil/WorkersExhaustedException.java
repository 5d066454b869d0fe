// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.InterlockException;

/**
 * A task waits for tasks of its own executor, every thread that the executor may have does the
 * same, and so none of these tasks could ever end. Thrown by the wait that would have been the
 * last.
 */
public final class WorkersExhaustedException extends InterlockException {
  private static final long serialVersionUID = 1L;

  WorkersExhaustedException(String executorName, int maxThreads) {
    super(
        executorName
            + ": all "
            + maxThreads
            + " threads wait for other tasks of this executor, so none of those could ever run."
            + " Raise interlock.gil-threading.max-threads, or let fewer tasks wait at a time.",
        null);
  }
}
