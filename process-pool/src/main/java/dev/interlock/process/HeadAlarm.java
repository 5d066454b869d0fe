// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.TaskTimeoutException;
import dev.interlock.TaskTimeoutException.Kind;
import dev.interlock.spi.LazyAlarm;
import dev.interlock.spi.TaskLimits;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the task that a child runs, the head of what is in flight, to its limits: one alarm per
 * child, set again only when it has rung, so a task with a limit costs next to nothing while it
 * keeps it. The total time is not its business: that counts from submit.
 *
 * <p><b>A limit counts from the task's first instruction.</b> By the socket, the child says when a
 * task with a limit begins. In the ring, the claim shows it: it is looked at every few
 * milliseconds, so the begin is known an eighth of the limit late at most. A child that does not
 * say so, or claims nothing, is believed for {@code start-timeout}: then the limit of its task
 * begins all the same, or what it has not claimed is run elsewhere and it is killed. While a
 * callback keeps the parent from reading what the child says, limits count from the sending.
 *
 * <p><b>No deadline is missed:</b> a task is in flight before {@link #sent} is called, and its
 * interrupt noted before {@link #interrupted} is; see {@link LazyAlarm}.
 *
 * <p><b>Fencing.</b> A child is killed only after {@link InFlight#condemn} has said that the very
 * task runs there, and has kept any other from being sent. Thread-safe; holds no lock.
 */
final class HeadAlarm {
  private static final Logger log = LoggerFactory.getLogger(HeadAlarm.class);

  /** When to look again whether a task that is in flight runs by now: bounds, and the share. */
  private static final long SHORTEST_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final long LONGEST_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int LOOKS_PER_LIMIT = 8;

  private final Worker worker;
  private final InFlight inFlight;
  private final long startTimeoutNs;
  private final long killAfterNs;
  private final LazyAlarm alarm = new LazyAlarm(this::look);

  /**
   * @param startTimeoutNs how long a child may take to begin a task
   * @param killAfterNs how long a task may go on after an interrupt, or {@link TaskLimits#OFF}
   */
  HeadAlarm(Worker worker, InFlight inFlight, long startTimeoutNs, long killAfterNs) {
    this.worker = worker;
    this.inFlight = inFlight;
    this.startTimeoutNs = startTimeoutNs;
    this.killAfterNs = killAfterNs;
  }

  /** A task was sent; it may run from now on. */
  void sent(Assignment task) {
    long first = task.run().watch().limits().firstNs();
    if (first != TaskLimits.OFF) {
      alarm.ringBy(System.nanoTime() + (task.isInRing() ? lookNs(first) : first));
    }
  }

  /** The child has said that the task begins. */
  void begun(Assignment task) {
    long first = task.run().watch().limits().firstNs();
    if (first != TaskLimits.OFF) {
      alarm.ringBy(System.nanoTime() + first);
    }
  }

  private static long lookNs(long limitNs) {
    return limitNs == TaskLimits.OFF
        ? TaskLimits.OFF
        : Math.max(SHORTEST_LOOK_NS, Math.min(LONGEST_LOOK_NS, limitNs / LOOKS_PER_LIMIT));
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
    Assignment task = running.task();
    long others = lookNs(inFlight.shortestLimitBehind(task));
    if (running.begun() || worker.isDeaf()) {
      return check(task, running.sinceNs(), nowNs, others);
    }
    if (!task.isInRing()) {
      return check(task, running.sinceNs() + startTimeoutNs, nowNs, others);
    }
    return awaitClaim(task, running.sinceNs(), nowNs, others);
  }

  /** The child has not claimed the task that is next in the ring. */
  private long awaitClaim(Assignment task, long sinceNs, long nowNs, long othersNs) {
    if (nowNs - sinceNs < startTimeoutNs) {
      long next = Math.min(lookNs(task.run().watch().limits().firstNs()), othersNs);
      return next == TaskLimits.OFF ? LazyAlarm.NEVER : nowNs + next;
    }
    if (!inFlight.giveUp()) {
      return nowNs + SHORTEST_LOOK_NS; // it has claimed something by now
    }
    log.warn(
        "{} is killed: it has begun nothing for {}",
        worker.describe(),
        Duration.ofNanos(startTimeoutNs));
    worker.killChild();
    return LazyAlarm.NEVER;
  }

  private long check(Assignment task, long sinceNs, long nowNs, long othersNs) {
    TaskLimits limits = task.run().watch().limits();
    long toHard = left(limits.hardNs(), sinceNs, nowNs);
    long toProgress =
        left(limits.progressNs(), later(sinceNs, task.run().watch().progressedNs()), nowNs);
    long toKill =
        task.isInterruptWanted() ? left(killAfterNs, task.interruptedNs(), nowNs) : TaskLimits.OFF;
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
