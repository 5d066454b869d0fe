// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a child may spin for a moment after each task, and those who wait for its results may
 * look for them themselves. Granted while tasks are so short that two wake-ups cost more than they
 * do, and follow each other so fast that the next one is likely to come while the child spins; and
 * to fewer children of this process than there are processors.
 *
 * <p><b>Concurrency.</b> The {@link InFlight} that owns it guards its history; the class's monitor,
 * a leaf, guards who holds a grant. {@link #isGranted} is a hint for anybody.
 */
final class SpinGrant {
  /** Longer tasks gain nothing. */
  private static final long LONGEST_TASK_NS = 20_000;

  /** Later than this, the next task does not find the child spinning. */
  private static final long LONGEST_GAP_NS = 200_000;

  /** A short task in quick succession adds one to the score; the grant comes at this. */
  private static final int ENOUGH = 16;

  /** What a long task or a long gap takes from the score; the grant goes below zero. */
  private static final int MISS = 8;

  /** A grant that was not used for so long may go to another child. */
  private static final long UNUSED_NS = 10_000_000;

  private static final int MOST_HOLDERS = Runtime.getRuntime().availableProcessors() - 1;
  private static final List<SpinGrant> holders = new ArrayList<>();

  private final ByteBuffer memory;
  private volatile boolean granted;
  private volatile long lastUseNs = System.nanoTime();
  private int score;

  /**
   * @param memory where the child sees it
   */
  SpinGrant(ByteBuffer memory) {
    this.memory = memory;
  }

  boolean isGranted() {
    return granted;
  }

  /** A task is sent to the child, which had none. */
  void sentToIdle(long nowNs) {
    if (nowNs - lastUseNs > LONGEST_GAP_NS) {
      miss();
    }
  }

  /** A task has run for so long. */
  void ended(long ranNs, long nowNs) {
    lastUseNs = nowNs;
    if (ranNs > LONGEST_TASK_NS) {
      miss();
    } else if (score < 2 * ENOUGH && ++score == ENOUGH && !granted) {
      score = 0;
      take(this, nowNs);
    }
  }

  /** One hiccup of the machine is no reason; several are. */
  private void miss() {
    score -= MISS;
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
