// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Deadline;
import dev.interlock.TaskTimeoutException;
import dev.interlock.TaskTimeoutException.Kind;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one run to its limits; only runs that have some have a watch. The total time counts from
 * submit. The others count from when the run begins, here if it runs in this process; a strategy
 * that runs it elsewhere looks after those itself.
 *
 * <p><b>Concurrency.</b> The submitter makes it, the worker begins and ends it, progress comes from
 * any thread. A look that comes too late finds the run ended, and changes nothing.
 */
final class RunWatch {
  private final TaskRun<?> run;
  private final TaskLimits limits;
  private final long submittedNs;
  private volatile long beganNs;
  private volatile long progressedNs;
  private volatile @Nullable String lastProgress;
  private @Nullable Future<?> total;
  private @Nullable LazyAlarm alarm;

  RunWatch(TaskRun<?> run, TaskLimits limits, long submittedNs) {
    this.run = run;
    this.limits = limits;
    this.submittedNs = submittedNs;
  }

  TaskLimits limits() {
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
    if (limits.totalNs() != TaskLimits.OFF) {
      total = TaskTimer.schedule(totalLeftNs(), () -> run.stopByForce(late(Kind.TOTAL)));
    }
  }

  /** The run begins in this process. */
  void begun() {
    long now = System.nanoTime();
    beganNs = now;
    progressedNs = now;
    long first = Math.min(limits.softNs(), limits.progressNs());
    if (first != TaskLimits.OFF) {
      LazyAlarm fresh = new LazyAlarm(this::look);
      alarm = fresh;
      fresh.ringBy(now + first);
    }
  }

  private long look(long nowNs) {
    long toSoft = left(limits.softNs(), beganNs, nowNs);
    long toProgress = left(limits.progressNs(), progressedNs, nowNs);
    if (toSoft <= 0) {
      run.stopByInterrupt(late(Kind.SOFT));
      return LazyAlarm.NEVER;
    }
    if (toProgress <= 0) {
      run.stopByInterrupt(late(Kind.PROGRESS));
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
    if (what != null) {
      lastProgress = what;
    }
    progressedNs = System.nanoTime();
  }

  long progressedNs() {
    return progressedNs;
  }

  TaskTimeoutException late(Kind kind) {
    return new TaskTimeoutException(
        kind, run.describe(), Duration.ofNanos(limits.ns(kind)), lastProgress);
  }
}
