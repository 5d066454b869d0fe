// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import java.io.IOException;

/** Where a pool's children come from. Thread-safe. */
interface ChildSource {
  /**
   * Gives {@code owner} a child of its own; waits until it runs.
   *
   * @throws ProtocolException if it is not ready by the deadline
   * @throws IOException if no child can be started, or it ended before it was ready
   */
  StartedChild take(ChildOwner owner, Deadline deadline) throws IOException;

  /** The first task is of this class: children that are started ahead may get ready for more. */
  default void firstTask(Class<?> type) {}

  /** No child is needed any more. */
  default void close() {}
}
