// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.TaskTimeoutException;
import dev.interlock.TaskTimeoutException.Kind;
import dev.interlock.spi.LazyAlarm;
import dev.interlock.spi.TaskLimits;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the task that a child runs, the head of what is in flight, to its limits: one alarm per
 * child, set again only when it has rung, so a task with a limit costs next to nothing while it
 * keeps it. The total time is not its business: that counts from submit.
 *
 * <p>A limit counts from when the parent sees that the task runs. Where several tasks are in
 * flight, one that waits behind another is looked at again from time to time.
 *
 * <p><b>No deadline is missed:</b> a task is in flight before {@link #sent} is called, and its
 * interrupt noted before {@link #interrupted} is; see {@link LazyAlarm}.
 *
 * <p><b>Fencing.</b> A child is killed only after {@link InFlight#condemn} has said that the very
 * task runs there, and has kept any other from being sent. Thread-safe; holds no lock.
 */
final class HeadAlarm {
  private static final Logger log = LoggerFactory.getLogger(HeadAlarm.class);

  /** When to look again whether a task that is in flight runs by now. */
  private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(250);

  private final Worker worker;
  private final InFlight inFlight;
  private final long killAfterNs;
  private final LazyAlarm alarm = new LazyAlarm(this::look);

  /**
   * @param killAfterNs how long a task may go on after an interrupt, or {@link TaskLimits#OFF}
   */
  HeadAlarm(Worker worker, InFlight inFlight, long killAfterNs) {
    this.worker = worker;
    this.inFlight = inFlight;
    this.killAfterNs = killAfterNs;
  }

  /** A task was sent; it may run from now on. */
  void sent(Assignment task) {
    TaskLimits limits = task.run().watch().limits();
    long first = Math.min(limits.softNs(), Math.min(limits.hardNs(), limits.progressNs()));
    if (first != TaskLimits.OFF) {
      alarm.ringBy(System.nanoTime() + first);
    }
  }

  /** The task that runs was asked to end. */
  void interrupted() {
    if (killAfterNs != TaskLimits.OFF) {
      alarm.ringBy(System.nanoTime() + killAfterNs);
    }
  }

  /** The child is gone. */
  void close() {
    alarm.close();
  }

  private long look(long nowNs) {
    Running running = inFlight.running();
    if (running == null) {
      return LazyAlarm.NEVER;
    }
    long others = inFlight.hasLimitsBehind(running.task()) ? LOOK_AGAIN_NS : TaskLimits.OFF;
    return check(running.task(), running.sinceNs(), nowNs, others);
  }

  private long check(Assignment task, long sinceNs, long nowNs, long othersNs) {
    TaskLimits limits = task.run().watch().limits();
    long toHard = left(limits.hardNs(), sinceNs, nowNs);
    long toProgress =
        left(limits.progressNs(), later(sinceNs, task.run().watch().progressedNs()), nowNs);
    long toKill =
        task.isInterruptWanted()
            ? left(killAfterNs, later(sinceNs, task.interruptedNs()), nowNs)
            : TaskLimits.OFF;
    long toSoft = task.isInterruptWanted() ? TaskLimits.OFF : left(limits.softNs(), sinceNs, nowNs);
    long rest = Math.min(Math.min(toHard, toProgress), toKill);
    long first = Math.min(toSoft, rest);
    if (first > 0) {
      long next = Math.min(first, othersNs);
      return next == TaskLimits.OFF ? LazyAlarm.NEVER : nowNs + next;
    }
    if (first == toSoft) {
      long next = Math.min(rest, othersNs);
      if (next != TaskLimits.OFF) {
        alarm.ringBy(nowNs + Math.max(0, next)); // before callbacks, which may take long
      }
      task.interruptAtSoftLimit();
      return LazyAlarm.NEVER;
    }
    TaskTimeoutException why =
        first == toKill
            ? null
            : task.run().watch().late(first == toHard ? Kind.HARD : Kind.PROGRESS);
    return stop(task, why) ? LazyAlarm.NEVER : nowNs; // another one runs by now
  }

  private static long left(long limitNs, long sinceNs, long nowNs) {
    return limitNs == TaskLimits.OFF ? TaskLimits.OFF : limitNs - (nowNs - sinceNs);
  }

  private static long later(long oneNs, long otherNs) {
    return oneNs - otherNs > 0 ? oneNs : otherNs;
  }

  /**
   * Kills the child if {@code task} runs there, and fails its future.
   *
   * @param why null if the future is done already
   * @return false, with nothing done, if it does not run there
   */
  boolean stop(Assignment task, @Nullable TaskTimeoutException why) {
    if (!inFlight.condemn(task)) {
      return false;
    }
    worker.condemned();
    log.info(
        "{} is killed: {}",
        worker.describe(),
        why == null ? task.run().describe() + " goes on after its interrupt" : why.getMessage());
    if (why == null || !task.run().abandon(why, worker::killChild)) {
      worker.killChild();
    }
    return true;
  }
}
