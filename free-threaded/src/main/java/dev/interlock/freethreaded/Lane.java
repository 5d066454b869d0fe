// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.spi.Tally;
import org.jspecify.annotations.Nullable;

/**
 * A right to run tasks, and what comes with it: queues and counters. There are as many lanes as
 * workers are configured; a thread runs queued tasks only while it holds one. A task is a {@link
 * dev.interlock.spi.TaskRun}, or an action without a future.
 */
final class Lane {
  /** Its place among the lanes. */
  final int index;

  /** What tasks on this lane have submitted themselves; newest first for the holder. */
  final WorkStealingDeque<Runnable> forks = new WorkStealingDeque<>();

  /** What threads outside have submitted; oldest first. */
  final SubmissionQueue<Runnable> inbox = new SubmissionQueue<>();

  /** What was taken from inboxes to be run on this lane; older than the rest of its own inbox. */
  final ClaimedRange<Runnable> claimed = new ClaimedRange<>();

  /** Where the holder counts. */
  final Tally.Stripe stripe;

  Lane(int index, Tally.Stripe stripe) {
    this.index = index;
    this.stripe = stripe;
  }

  boolean isEmpty() {
    return inbox.isEmpty() && claimed.isEmpty() && forks.isEmpty();
  }

  /** The oldest task from outside, else the oldest of the lane's own. Any thread. */
  @Nullable Runnable oldest() {
    Runnable task = oldestFromOutside();
    return task != null ? task : forks.steal();
  }

  /** The oldest of the lane's own tasks, else the oldest from outside. Any thread. */
  @Nullable Runnable oldestFork() {
    Runnable task = forks.steal();
    return task != null ? task : oldestFromOutside();
  }

  private @Nullable Runnable oldestFromOutside() {
    Runnable task = claimed.take();
    return task != null ? task : inbox.poll();
  }
}
