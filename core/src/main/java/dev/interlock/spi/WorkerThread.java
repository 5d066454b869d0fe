// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import org.jspecify.annotations.Nullable;

/**
 * A thread that knows its {@link WorkerScope}: to find it takes one read, where a thread-local
 * takes a search. A submit from within a task looks for it twice.
 */
public final class WorkerThread extends Thread {
  /** For the thread itself only. */
  @Nullable WorkerScope scope;

  /** A thread that inherits no thread-locals. */
  public WorkerThread(Runnable body, String name) {
    super(null, body, name, 0, false);
  }
}
