// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.spi.RunSlot;
import dev.interlock.spi.TaskRun;
import dev.interlock.spi.WorkerScope;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A thread that runs tasks. It takes them from the queues only while it holds a lane, so never more
 * than there are lanes do so at once.
 *
 * <p><b>Blocking.</b> Before a blocking call the lane is given up, and another worker, a spare if
 * need be, goes on with it. Afterwards the worker takes a vacant lane if there is one; if not, it
 * finishes its task without, submits as a thread outside does, and then sleeps.
 *
 * <p><b>Waiting for a task of its own executor</b> that no worker has begun: it is run on the spot,
 * {@value #MOST_NESTED} deep at most; deeper, the wait is a blocking call, unless there may be no
 * more threads.
 *
 * <p>Fields without a modifier belong to the worker's thread.
 */
final class Worker extends WorkerScope implements Runnable {
  /** How many tasks may be run on top of each other in place of waiting. */
  private static final int MOST_NESTED = 64;

  /** How many tasks are taken from an inbox at once, at most. */
  private static final int BATCH = 64;

  /** Every so many tasks another lane's oldest one comes first, so that none waits for ever. */
  private static final int FAIRNESS_PERIOD = 64;

  /** How long a worker without a task rests between two looks, in spin-wait hints. */
  private static final int REST = 8;

  /** Claims of fewer tasks than that, but more than one, say that tasks come in a stream. */
  private static final int FEW = 32;

  /** The longest wait for a stream's next tasks before a look, in spin-wait hints. */
  private static final int LONGEST_LULL = 32;

  private final Scheduler scheduler;
  private final boolean spare;
  private final Sleep sleep;
  private volatile @Nullable RunSlot slot;
  private @Nullable Lane lane;
  private int lastLane;
  private boolean searching = true;

  /** Whether the scheduler counts it as awake. */
  private boolean awake = true;

  private int turns;

  /** How long to let a stream gather before the next look. */
  private int lull;

  /** A worker that begins with a lane and counts as searching. */
  Worker(Scheduler scheduler, Lane lane, boolean spare) {
    this.scheduler = scheduler;
    this.lane = lane;
    this.lastLane = lane.index;
    this.spare = spare;
    this.sleep = new Sleep(this, scheduler);
  }

  void start(Thread itsThread) {
    sleep.setThread(itsThread);
    slot = new RunSlot(executor(), itsThread);
    itsThread.start();
  }

  /** Whether it stands in for a blocked worker, and so gives way to the others. */
  boolean isSpare() {
    return spare;
  }

  @Override
  protected FreeThreadedExecutor executor() {
    return scheduler.executor();
  }

  // From any thread.

  /** Wakes it with a lane; false if it has ended. */
  boolean resume(Lane itsLane) {
    return sleep.resume(itsLane);
  }

  /** Ends it if it sleeps. */
  void end() {
    sleep.end();
  }

  /** Whether it sleeps, and does not look around just now. */
  boolean isAsleep() {
    return sleep.isAsleep();
  }

  /** Whether it is asleep, and will wake by itself to look. */
  boolean isWatching() {
    return sleep.isWatching();
  }

  void unpark() {
    sleep.unpark();
  }

  void interruptTask() {
    RunSlot itsSlot = slot;
    if (itsSlot != null) {
      itsSlot.interruptOccupant();
    }
  }

  /** Interrupts its thread if the run is what it runs now. */
  void interrupt(TaskRun<?> run) {
    RunSlot itsSlot = slot;
    if (itsSlot != null) {
      itsSlot.interrupt(run);
    }
  }

  // On its own thread.

  /** Queues what a task on this thread has submitted; false if nothing is let in any more. */
  boolean submit(Runnable task) {
    Lane mine = lane;
    if (mine == null) {
      return scheduler.submitFromOutside(task);
    }
    mine.forks.push(task);
    scheduler.wakeOneIfNeeded();
    return true;
  }

  @Override
  public void run() {
    bind();
    try {
      if (scheduler.hasInitializer()) {
        stopSearching(); // the initializer may take long: others should start meanwhile
      }
      if (scheduler.initialize()) {
        runTasks(Objects.requireNonNull(slot));
      }
    } finally {
      unbind();
      giveUp();
      scheduler.ended(this);
      if (awake) {
        scheduler.oneSleeps();
      }
    }
  }

  private void runTasks(RunSlot itsSlot) {
    holdLane(lane);
    do {
      for (Runnable task = next(); task != null; task = next()) {
        stopSearching();
        if (task instanceof TaskRun<?> run) {
          run.runIn(itsSlot);
        } else {
          itsSlot.run(task);
        }
        takeVacantLane();
      }
    } while (sleep());
  }

  /** The next task, or null if there is none, or no lane. */
  private @Nullable Runnable next() {
    Lane mine = lane;
    if (mine == null) {
      return null;
    }
    if (++turns % FAIRNESS_PERIOD == 0) {
      if (spare && scheduler.handToCore(mine)) {
        holdLane(null);
        return null;
      }
      Runnable task = whoeverWaitsLongest(Integer.divideUnsigned(turns, FAIRNESS_PERIOD));
      if (task != null) {
        return task;
      }
    }
    Runnable task = mine.forks.pop();
    if (task == null) {
      task = mine.claimed.take();
    }
    if (task == null) {
      rest(lull);
      task = search(mine);
    }
    if (task == null && !searching) {
      searching = true;
      scheduler.startSearching();
      task = search(mine);
    }
    for (int i = spare ? 0 : scheduler.options().spinCount(); // it may be on a borrowed carrier
        i > 0 && task == null && !scheduler.isStopped();
        i--) {
      rest(REST);
      task = search(mine);
    }
    return task;
  }

  /** Goes round all lanes, and from time to time prefers what lies at the bottom of a deque. */
  private @Nullable Runnable whoeverWaitsLongest(int round) {
    Lane from = scheduler.lane(Integer.remainderUnsigned(round, scheduler.laneCount()));
    return Integer.divideUnsigned(round, scheduler.laneCount()) % 2 == 0
        ? from.oldest()
        : from.oldestFork();
  }

  /** Looks through all lanes once, its own first. */
  private @Nullable Runnable search(Lane mine) {
    int count = scheduler.laneCount();
    for (int i = 0, index = mine.index; i < count; i++) {
      Lane from = scheduler.lane(index);
      if (claimFrom(from, mine, count) || (from != mine && from.claimed.giveHalf(mine.claimed))) {
        Runnable task = mine.claimed.take();
        if (!mine.claimed.isEmpty()) {
          scheduler.wakeOneIfNeeded(); // in between, nobody could see that they were queued
        }
        if (task != null) {
          return task;
        }
      }
      Runnable task = from.forks.steal();
      if (task != null) {
        return task;
      }
      index = index + 1 == count ? 0 : index + 1;
    }
    return null;
  }

  /**
   * Claims what an inbox has. A worker that is as fast as a submitter would follow on its heels,
   * and the two would take the same cache lines from each other for each task: it lets the next
   * ones gather for a moment, less than a microsecond. Not for single tasks, whose submitter may
   * wait.
   */
  private boolean claimFrom(Lane from, Lane mine, int share) {
    int count = from.inbox.claim(mine.claimed, BATCH, share);
    lull = count <= 1 ? 0 : count < FEW ? Math.min(2 * lull + 1, LONGEST_LULL) : lull / 2;
    return count > 0;
  }

  private static void rest(int hints) {
    for (int i = hints; i > 0; i--) {
      Thread.onSpinWait();
    }
  }

  private void stopSearching() {
    if (searching) {
      searching = false;
      scheduler.stopSearching();
    }
  }

  private void holdLane(@Nullable Lane taken) {
    lane = taken;
    if (taken != null) {
      lastLane = taken.index;
    }
    Objects.requireNonNull(slot).countOn(taken == null ? null : taken.stripe);
  }

  private void takeVacantLane() {
    if (lane == null) {
      holdLane(scheduler.reclaim(lastLane));
    }
  }

  /** Gives the lane up and sleeps until another one is granted; false if the thread should end. */
  private boolean sleep() {
    Lane mine = lane;
    boolean wasSearching = searching;
    holdLane(null);
    searching = false;
    awake = false;
    sleep.begin();
    scheduler.fallAsleep(this, mine, wasSearching);
    Lane granted = sleep.untilResumed();
    if (granted == null) {
      return false;
    }
    holdLane(granted);
    searching = true;
    awake = true;
    return true;
  }

  /** Leaves nothing behind that others wait for. */
  private void giveUp() {
    beforeBlocking();
    stopSearching();
  }

  @Override
  protected void beforeBlocking() {
    Lane mine = lane;
    if (mine != null) {
      holdLane(null);
      scheduler.vacate(mine);
    }
  }

  @Override
  protected void afterBlocking() {
    takeVacantLane();
  }

  @Override
  protected void beforeWaitingFor(TaskRun<?> awaited) {
    RunSlot itsSlot = slot;
    if (itsSlot != null && itsSlot.depth() < MOST_NESTED) {
      runInPlace(awaited);
    }
  }

  /**
   * There may be nobody to take this worker's place. So that tasks which wait for each other cannot
   * all wait for ever, what this one waits for is run here, however deep.
   */
  @Override
  protected void awaiting(Collection<?> tasks) {
    if (tasks.isEmpty() || !scheduler.isSaturated()) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    for (Object task : tasks) {
      if (task instanceof TaskRun<?> run && run.isQueuedIn(executor()) && runInPlace(run)) {
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs a queued task on top of the one that waits for it; false if another worker has it. */
  private boolean runInPlace(TaskRun<?> awaited) {
    RunSlot itsSlot = slot;
    Object waiting = itsSlot == null ? null : itsSlot.pause();
    if (itsSlot == null || waiting == null) {
      return false; // interrupted: the wait will say so
    }
    try {
      if (beginInPlace(awaited, itsSlot, waiting)) {
        itsSlot.began(awaited, waiting);
        awaited.runBegunIn(itsSlot, waiting);
      }
    } finally {
      itsSlot.resume(waiting);
    }
    return awaited.isDone();
  }

  /**
   * Begins a run that may be the lane's newest fork. Its state decides who runs it; that it leaves
   * the deque is only so that nobody else finds it. So one compare-and-set, of the state, stands
   * between the two steps that take it out.
   */
  private boolean beginInPlace(TaskRun<?> awaited, RunSlot itsSlot, Object waiting) {
    Lane mine = lane;
    if (mine == null || !mine.forks.beginPop(awaited)) {
      return awaited.beginIn(itsSlot, waiting);
    }
    try {
      return awaited.beginTaken(itsSlot, waiting);
    } catch (StackOverflowError e) {
      awaited.failQueued(e); // if it has not begun, nobody would find it any more
      throw e;
    } finally {
      mine.forks.endPop();
    }
  }
}
