// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a child may spin for a moment after each task, and those who wait for its results may
 * look for them themselves. Granted to fewer children of this process than there are processors,
 * and while it pays: while most tasks are sent alone, waited for at once, shorter than two
 * wake-ups, follow each other so fast that the child is still spinning when the next one comes, and
 * those who look find what they look for. Each task costs a point, each wait for a task that is
 * alone gives two, and what shows that processors are not free takes several.
 *
 * <p>Who waits through wake-ups is too slow to find the child spinning; so the first looks after a
 * grant, and after each hiccup, have to last for one wake-up of the child. Such a look is a small
 * miss only: the next one is quick.
 *
 * <p><b>Concurrency.</b> The {@link InFlight} that owns it guards its history; the class's monitor,
 * a leaf, guards who holds a grant. {@link #isGranted} is a hint for anybody.
 */
final class SpinGrant {
  /** Longer tasks gain nothing. */
  private static final long LONGEST_TASK_NS = 20_000;

  /** Later than this, the next task does not find the child spinning. */
  private static final long LONGEST_GAP_NS = 200_000;

  /** The grant comes at this score, and later if it was in vain before. */
  private static final int LEAST_SCORE = 16;

  private static final int MOST_SCORE = 2_048;

  /** While it is granted, the score is at most this: so many hiccups of the machine end it. */
  private static final int MOST_SCORE_GRANTED = 64;

  /** What a long task, a long gap or a look in vain takes from the score; below zero it is over. */
  private static final int MISS = 8;

  /** What it takes that the child was asleep when the task came. */
  private static final int SMALL_MISS = 3;

  /** A grant that was not used for so long may go to another child. */
  private static final long UNUSED_NS = 10_000_000;

  private static final int MOST_HOLDERS = Runtime.getRuntime().availableProcessors() - 1;
  private static final List<SpinGrant> holders = new ArrayList<>();

  private final ByteBuffer memory;
  private volatile boolean granted;
  private volatile long lastUseNs = System.nanoTime();
  private int score;
  private int needed = LEAST_SCORE;

  /**
   * @param memory where the child sees it
   */
  SpinGrant(ByteBuffer memory) {
    this.memory = memory;
  }

  boolean isGranted() {
    return granted;
  }

  /** A task was sent, and the child had to be woken. */
  void woken() {
    if (granted) {
      score -= SMALL_MISS;
      withdrawIfBelowZero();
    }
  }

  /** A task is sent to the child, which had none. */
  void sentToIdle(long nowNs) {
    if (nowNs - lastUseNs > LONGEST_GAP_NS) {
      score -= MISS;
      withdrawIfBelowZero();
    }
  }

  /** A task has run for so long. */
  void ended(long ranNs, long nowNs) {
    lastUseNs = nowNs;
    score--;
    if (ranNs > LONGEST_TASK_NS) {
      score -= MISS;
    }
    withdrawIfBelowZero();
  }

  /** Somebody begins to wait for the only task in flight. */
  void waitedFor(long nowNs) {
    score = Math.min(score + 2, granted ? MOST_SCORE_GRANTED : needed);
    if (score == needed && !granted) {
      take(this, nowNs);
      score = MOST_SCORE_GRANTED / 2;
    }
  }

  /**
   * A waiting thread has looked for the outcome itself.
   *
   * @param inVain whether it did not find it: processors are not free enough for this
   */
  void assisted(boolean inVain) {
    if (!inVain) {
      needed = LEAST_SCORE;
    } else if (granted) {
      score -= MISS;
      withdrawIfBelowZero();
      needed = granted ? needed : Math.min(MOST_SCORE, 2 * needed);
    }
  }

  private void withdrawIfBelowZero() {
    if (score < 0) {
      score = 0;
      withdraw();
    }
  }

  /** The child is gone, or its tasks do not gain from it. */
  void withdraw() {
    if (granted) {
      giveUp(this);
    }
  }

  private void set(boolean allowed) {
    granted = allowed;
    RingFile.allowSpin(memory, allowed);
  }

  private static synchronized void take(SpinGrant taker, long nowNs) {
    if (holders.size() >= MOST_HOLDERS) {
      holders.removeIf(
          holder -> {
            boolean unused = nowNs - holder.lastUseNs > UNUSED_NS;
            if (unused) {
              holder.set(false);
            }
            return unused;
          });
    }
    if (holders.size() < MOST_HOLDERS && !taker.granted) {
      holders.add(taker);
      taker.set(true);
    }
  }

  private static synchronized void giveUp(SpinGrant holder) {
    if (holders.remove(holder)) {
      holder.set(false);
    }
  }
}
