// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import java.util.concurrent.TimeUnit;

/**
 * When a sleeping worker looks while it keeps the {@link Watch}, and when it stops: once nobody has
 * woken from one look to the next and nothing is left to do. While workers wake and fall asleep it
 * looks every {@value #LOOK_MS} ms; while others only work, or are blocked, ever less, in the end
 * once a second. Whoever falls asleep last then {@linkplain Watch#hurry asks} for a look. So 100 ms
 * after the last task, no timer runs.
 *
 * <p>Belongs to the worker's thread.
 */
final class Vigil {
  private static final long LOOK_MS = 40;
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(LOOK_MS);
  private static final int LATER_BY = 4;
  static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(1);

  private final Worker worker;
  private final Scheduler scheduler;
  private final Watch watch;

  /** From one look to the next; 0 while it does not watch. */
  private long intervalNs;

  private long lookAtNs;

  /** Who was awake at the last look, and how often anybody had woken. */
  private long mark;

  Vigil(Worker worker, Scheduler scheduler) {
    this.worker = worker;
    this.scheduler = scheduler;
    this.watch = scheduler.watch();
  }

  /** Another sleep begins. */
  void reset() {
    intervalNs = 0;
  }

  /** How long the worker may park before its next look; for ever if it does not watch. */
  long dueInNs(long nowNs) {
    if (!watch.isKeptBy(worker)) {
      intervalNs = 0;
      return Long.MAX_VALUE;
    }
    if (intervalNs == 0) {
      mark = scheduler.awakeMark();
      watch.setSlow(false);
      lookAgain(LOOK_NS, nowNs);
    }
    return lookAtNs - nowNs;
  }

  boolean isDue(long nowNs) {
    boolean hurried = intervalNs > LOOK_NS && !watch.isSlow();
    return intervalNs != 0 && (hurried || nowNs - lookAtNs >= 0);
  }

  /** Called while the worker does not count as {@linkplain Worker#isAsleep asleep}. */
  void look(long nowNs) {
    scheduler.wakeOneIfForgotten();
    boolean unchanged = mark == scheduler.awakeMark();
    mark = scheduler.awakeMark();
    lookAgain(unchanged ? Math.min(LATER_BY * intervalNs, LONGEST_NS) : LOOK_NS, nowNs);
    watch.setSlow(intervalNs > LOOK_NS); // before the look at who is awake: see Watch.hurry
    if (scheduler.isQuiescent()) {
      watch.setSlow(false);
      lookAgain(LOOK_NS, nowNs);
      if (unchanged) {
        watch.leave(worker); // who wakes anybody from now on sees it, and names another
      }
    }
  }

  private void lookAgain(long inNs, long nowNs) {
    intervalNs = inNs;
    lookAtNs = nowNs + inNs;
  }

  /** Whether others do without it; another one watches then. Called as {@link #look} is. */
  boolean mayEnd() {
    return !watch.isKeptBy(worker) || scheduler.isQuiescent() || watch.keep();
  }

  /** The worker ends. */
  void end() {
    watch.leave(worker);
  }
}
