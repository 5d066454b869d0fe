// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.spi.TaskRun;
import org.jspecify.annotations.Nullable;

/**
 * A right to run tasks, and the two queues that come with it. There are as many lanes as workers
 * are configured; a thread runs queued tasks only while it holds one.
 */
final class Lane {
  /** Its place among the lanes. */
  final int index;

  /** What tasks on this lane have submitted themselves; newest first for the holder. */
  final WorkStealingDeque<TaskRun<?>> forks = new WorkStealingDeque<>();

  /** What threads outside have submitted; oldest first. */
  final SubmissionQueue<TaskRun<?>> inbox = new SubmissionQueue<>();

  Lane(int index) {
    this.index = index;
  }

  boolean isEmpty() {
    return inbox.isEmpty() && forks.isEmpty();
  }

  /** The oldest task from outside, else the oldest of the lane's own. Any thread. */
  @Nullable TaskRun<?> oldest() {
    TaskRun<?> run = inbox.poll();
    return run != null ? run : forks.steal();
  }

  /** The oldest of the lane's own tasks, else the oldest from outside. Any thread. */
  @Nullable TaskRun<?> oldestFork() {
    TaskRun<?> run = forks.steal();
    return run != null ? run : inbox.poll();
  }
}
