// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

/**
 * How many tasks a worker with a queue of its own should have in flight: as many as it runs in less
 * than a millisecond, so that it never waits for its parent, and no task waits long behind another.
 * Two long tasks in a row count at once, a single one and short ones only little by little.
 *
 * <p>Not thread-safe, but {@link #depth} and {@link #meanNs} may be asked by anybody.
 */
public final class PrefetchDepth {
  /** More are never in flight. */
  public static final int MOST = 1_024;

  private static final long WORK_NS = 750_000;

  /** The weight of one task in the mean is 1 to this. */
  private static final int SLOWNESS = 8;

  /** A single long task, which may be a hiccup of the machine, counts as so many times the mean. */
  private static final int LARGEST_STEP = 4;

  /** By so many tasks a child shows that its tasks are short. */
  private static final int TRIAL_TASKS = 32;

  private static final long SHORT_TASK_NS = 1_000_000;

  private final int fixed;
  private int trial;
  private long lastNs;
  private volatile long meanNs = WORK_NS;

  /**
   * @param fixed a depth that does not depend on the tasks' time; 0 for one that does
   */
  public PrefetchDepth(int fixed) {
    this.fixed = fixed;
  }

  /** A task has run for so long. */
  public void ended(long ranNs) {
    if (trial < TRIAL_TASKS) {
      trial++;
    }
    long mean = meanNs;
    long lately = Math.min(ranNs, lastNs);
    lastNs = ranNs;
    if (lately > mean) {
      meanNs = lately;
    } else {
      meanNs = mean + (Math.min(ranNs, LARGEST_STEP * mean) - mean) / SLOWNESS + 1;
    }
  }

  public int depth() {
    return fixed > 0 ? fixed : (int) Math.max(1, Math.min(MOST, WORK_NS / Math.max(1, meanNs)));
  }

  /** Whether shared memory is worth its making. */
  public boolean hasShownShortTasks() {
    return trial == TRIAL_TASKS && meanNs < SHORT_TASK_NS;
  }

  /** What a task takes, rather too long than too short. */
  public long meanNs() {
    return meanNs;
  }
}
