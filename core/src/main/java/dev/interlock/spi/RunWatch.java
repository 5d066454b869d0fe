// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Deadline;
import dev.interlock.TaskTimeoutException;
import dev.interlock.TaskTimeoutException.Kind;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one run to its limits; runs that have none share {@link #NONE}. The total time counts from
 * submit. The others count from when the run begins, here if it runs in this process; a strategy
 * that runs it elsewhere looks after those itself.
 *
 * <p><b>Concurrency.</b> The submitter makes it, the worker begins and ends it, progress comes from
 * any thread. A look that comes too late finds the run ended, and changes nothing.
 */
public final class RunWatch {
  /** The watch of runs without limits. */
  public static final RunWatch NONE = new RunWatch(null, TaskLimits.NONE, 0);

  private final @Nullable TaskRun<?> run;
  private final TaskLimits limits;
  private final long submittedNs;
  private volatile long beganNs;
  private volatile long progressedNs;
  private volatile @Nullable String lastProgress;
  private @Nullable Future<?> total;
  private @Nullable LazyAlarm alarm;

  RunWatch(@Nullable TaskRun<?> run, TaskLimits limits, long submittedNs) {
    this.run = run;
    this.limits = limits;
    this.submittedNs = submittedNs;
  }

  /** The limits; {@link TaskLimits#NONE} if there are none. */
  public TaskLimits limits() {
    return limits;
  }

  /** Until when the task may wait for a place in the queue; null for as long as it takes. */
  @Nullable Deadline deadline() {
    return limits.totalNs() == TaskLimits.OFF
        ? null
        : Deadline.after(Duration.ofNanos(Math.max(0, totalLeftNs())));
  }

  private long totalLeftNs() {
    return limits.totalNs() - (System.nanoTime() - submittedNs);
  }

  /** The run is about to be queued. */
  void queued() {
    if (run != null && limits.totalNs() != TaskLimits.OFF) {
      TaskRun<?> watched = run;
      total = TaskTimer.schedule(totalLeftNs(), () -> watched.stopByForce(late(Kind.TOTAL)));
    }
  }

  /** The run begins in this process. */
  void begun() {
    if (run == null) {
      return;
    }
    long now = System.nanoTime();
    beganNs = now;
    progressedNs = now;
    long first = Math.min(limits.softNs(), limits.progressNs());
    if (first != TaskLimits.OFF) {
      TaskRun<?> watched = run;
      LazyAlarm fresh = new LazyAlarm(nowNs -> look(watched, nowNs));
      alarm = fresh;
      fresh.ringBy(now + first);
    }
  }

  private long look(TaskRun<?> watched, long nowNs) {
    long toSoft = left(limits.softNs(), beganNs, nowNs);
    long toProgress = left(limits.progressNs(), progressedNs, nowNs);
    if (Math.min(toSoft, toProgress) <= 0) {
      watched.stopByInterrupt(late(toSoft <= toProgress ? Kind.SOFT : Kind.PROGRESS));
      return LazyAlarm.NEVER;
    }
    return nowNs + Math.min(toSoft, toProgress);
  }

  /** What is left of a limit. */
  private static long left(long limitNs, long sinceNs, long nowNs) {
    return limitNs == TaskLimits.OFF ? TaskLimits.OFF : limitNs - (nowNs - sinceNs);
  }

  /** The run has ended, or never will begin. */
  void ended() {
    if (total != null) {
      total.cancel(false);
    }
    if (alarm != null) {
      alarm.close();
    }
  }

  void progress(@Nullable String what) {
    if (run == null) {
      return;
    }
    if (what != null) {
      lastProgress = what;
    }
    progressedNs = System.nanoTime();
  }

  /** The time of the last progress, by {@link System#nanoTime}; meaningless if there was none. */
  public long progressedNs() {
    return progressedNs;
  }

  /** The exception that says which limit has passed. */
  public TaskTimeoutException late(Kind kind) {
    return new TaskTimeoutException(
        kind,
        run == null ? "a task without limits" : run.describe(),
        Duration.ofNanos(limits.ns(kind)),
        lastProgress);
  }
}
