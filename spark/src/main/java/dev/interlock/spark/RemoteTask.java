// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.TaskTimeoutException;
import dev.interlock.TaskTimeoutException.Kind;
import dev.interlock.spi.InterruptSlot;
import dev.interlock.spi.RunningTask;
import dev.interlock.spi.TaskLimits;
import dev.interlock.spi.TaskTimer;
import java.time.Duration;
import java.util.concurrent.Future;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * A task in an executor, as its own code sees it, and its limits: the time of a task counts from
 * its first instruction, which only the executor knows. When a limit passes, the task is
 * interrupted, the driver is told, and the outcome is the time-out whatever the task makes of it.
 * Thread-safe.
 */
final class RemoteTask implements RunningTask {
  private final PoolSpec pool;
  private final TaskPartition.Content content;
  private final TaskContext context;
  private final InterruptSlot slot;
  private final long beganNs = System.nanoTime();
  private volatile long progressedNs = beganNs;
  private volatile @Nullable String lastProgress;
  private @Nullable Kind late;
  private long lateNs;
  private boolean over;
  private @Nullable Future<?> alarm;

  RemoteTask(
      PoolSpec pool, TaskPartition.Content content, TaskContext context, InterruptSlot slot) {
    this.pool = pool;
    this.content = content;
    this.context = context;
    this.slot = slot;
  }

  PoolSpec pool() {
    return pool;
  }

  TaskContext context() {
    return context;
  }

  @Override
  public long taskId() {
    return content.taskId();
  }

  @Override
  public int attempt() {
    return content.attempt();
  }

  @Override
  public void progress(@Nullable String what) {
    if (what != null) {
      lastProgress = what;
    }
    progressedNs = System.nanoTime();
  }

  @Override
  public boolean isAbandoned() {
    return context.isInterrupted() || late() != null;
  }

  /** It is about to begin, in its slot. */
  void begin() {
    schedule(nextLookNs(beganNs));
  }

  /** It has ended: no limit concerns it any more. */
  synchronized void end() {
    over = true;
    if (alarm != null) {
      alarm.cancel(false);
    }
  }

  private synchronized void schedule(long delayNs) {
    if (!over && delayNs != TaskLimits.OFF) {
      alarm = TaskTimer.schedule(delayNs, this::look);
    }
  }

  private void look() {
    long now = System.nanoTime();
    Kind passed = null;
    for (Kind kind : new Kind[] {Kind.HARD, Kind.SOFT, Kind.PROGRESS}) {
      if (leftNs(kind, now) <= 0 && passed == null) {
        passed = kind;
      }
    }
    if (passed != null && setLate(passed)) {
      ChannelMessage.TimedOut message =
          new ChannelMessage.TimedOut(pool.id(), taskId(), attempt(), passed, lastProgress);
      if (passed == Kind.HARD) {
        ExecutorChannel.tell(message);
        KillWatch.endExecutor(this, "is stopped at its hard time-out");
      }
      slot.interrupt(this);
      ExecutorChannel.send(message);
    }
    schedule(nextLookNs(now));
  }

  private synchronized boolean setLate(Kind kind) {
    if (over || (late != null && kind != Kind.HARD)) {
      return false;
    }
    late = kind;
    lateNs = System.nanoTime();
    return true;
  }

  private long nextLookNs(long now) {
    long hard = leftNs(Kind.HARD, now);
    return late() != null
        ? hard
        : Math.min(hard, Math.min(leftNs(Kind.SOFT, now), leftNs(Kind.PROGRESS, now)));
  }

  private long leftNs(Kind kind, long now) {
    long limit = limitNs(kind);
    long since = kind == Kind.PROGRESS ? progressedNs : beganNs;
    return limit == TaskLimits.OFF ? TaskLimits.OFF : limit - (now - since);
  }

  private long limitNs(Kind kind) {
    return switch (kind) {
      case SOFT -> content.limits().softNs();
      case HARD -> content.limits().hardNs();
      case PROGRESS -> content.limits().progressNs();
      case TOTAL, WAIT -> TaskLimits.OFF; // the driver looks after these
    };
  }

  private synchronized @Nullable Kind late() {
    return late;
  }

  /** The time-out, if there was one: that is its outcome. */
  @Nullable TaskTimeoutException timeout() {
    Kind kind = late();
    return kind == null
        ? null
        : new TaskTimeoutException(
            kind, "task " + taskId(), Duration.ofNanos(limitNs(kind)), lastProgress);
  }

  /** Since when its thread has been told to end, for {@code now} as the time; 0 if it has not. */
  synchronized long toldToEndNs(long now) {
    return late != null ? lateNs : context.isInterrupted() ? now : 0;
  }

  @Override
  public String toString() {
    return pool.name() + ", task " + taskId();
  }
}
