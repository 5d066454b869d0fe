// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.Action;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.TaskRun;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings tasks, lanes and threads together. After the Go runtime's scheduler, whose P is our lane
 * and whose M is our worker.
 *
 * <p><b>The wake-up rule.</b> The one bad state is: a task is queued, a lane is vacant, and no
 * worker is searching. Three steps can lead into it: a task is queued, a lane becomes vacant, the
 * last searcher stops searching. Whoever makes one of them calls {@link #wakeOneIfNeeded} after it.
 * All four are volatile, so they have one total order: the last of the three steps is followed by a
 * look that sees the other two. So no wake-up is lost, and while one worker searches nobody wakes
 * another, if it may be relied on; the searcher that finds a task, and leaves more behind, wakes
 * the next.
 *
 * <p><b>Suspended threads.</b> A searcher that the system does not run for long would keep all
 * others asleep. So it is relied on only while one of those who sleep keeps the {@link Watch}, and
 * looks for itself now and then ({@link #wakeOneIfForgotten}); or, where nobody sleeps, while
 * others search as well.
 *
 * <p><b>Concurrency.</b> No locks. Any thread may call any method.
 */
final class Scheduler {
  /**
   * So many that count as searching are two threads at least. One that is suspended may count
   * twice: for itself; and for another one that it was about to wake, or because it was resumed
   * while it still fell asleep.
   */
  private static final int ENOUGH_UNWATCHED = 3;

  private final FreeThreadedExecutor executor;
  private final ThreadOptions options;
  private final @Nullable Action initializer;
  private final Lanes lanes;
  private final VacantLanes vacant;
  private final IdleWorkers idleCores = new IdleWorkers();
  private final IdleWorkers idleSpares = new IdleWorkers();
  private final Watch watch = new Watch(idleCores, idleSpares);
  private final WorkerThreads threads;
  private final Set<Worker> workers = ConcurrentHashMap.newKeySet();

  private final AwakeWorkers awake = new AwakeWorkers();

  /** Workers that hold a lane and look for a task in all of them. */
  private final SharedWords searching = new SharedWords(1);

  /** No inbox lets a task in any more. */
  private volatile boolean closed;

  Scheduler(
      FreeThreadedExecutor executor,
      ExecutorSettings settings,
      ThreadOptions options,
      @Nullable Action initializer) {
    this.executor = executor;
    this.options = options;
    this.initializer = initializer;
    this.lanes = new Lanes(settings.workers(), executor.tally());
    if (!executor.isCounted()) {
      executor.tally().countsSubmitted(lanes::submitted);
    }
    this.vacant = new VacantLanes(lanes.count());
    this.threads = new WorkerThreads(settings, options);
  }

  FreeThreadedExecutor executor() {
    return executor;
  }

  ThreadOptions options() {
    return options;
  }

  Watch watch() {
    return watch;
  }

  int laneCount() {
    return lanes.count();
  }

  Lane lane(int index) {
    return lanes.get(index);
  }

  // Tasks.

  /** False if no task is let in any more. */
  boolean submitFromOutside(Runnable task) {
    if (!lanes.ofThread().inbox.offer(task)) {
      return false;
    }
    wakeOneIfNeeded();
    return true;
  }

  /** Takes all tasks out. Whoever does counts as awake until {@link #drained}. */
  List<Runnable> drain() {
    awake.oneWakes();
    return lanes.drain();
  }

  void drained() {
    oneSleeps();
  }

  // The end.

  /** Lets no task in from outside any more. */
  void close() {
    lanes.close();
    closed = true;
    endIfQuiet();
  }

  /** A thread that was awake runs and submits no task any more, until it is woken. */
  void oneSleeps() {
    if (awake.oneSleeps()) {
      watch.hurry();
    }
    endIfQuiet();
  }

  /**
   * The last task has ended if the inboxes are closed, nobody is awake, and the queues are empty:
   * only who is awake could add one. Whoever makes one of these true, calls this after it; all are
   * volatile, so the last one sees the others. If somebody woke in between, he calls this later.
   */
  private void endIfQuiet() {
    if (!closed) {
      return;
    }
    long mark = awake.mark();
    if (!AwakeWorkers.isNobodyAwake(mark)) {
      return;
    }
    if (lanes.isTaskQueued()) {
      wakeOneIfNeeded();
    } else if (awake.mark() == mark) {
      executor.lastTaskEnded();
    }
  }

  /** A mark that changes when anybody wakes or falls asleep. */
  long awakeMark() {
    return awake.mark();
  }

  /** Whether nobody is awake, or is being woken, and no task is queued. */
  boolean isQuiescent() {
    return AwakeWorkers.isNobodyAwake(awake.mark())
        && searching.get(0) == 0
        && !lanes.isTaskQueued();
  }

  // Wake-ups.

  /** Keeps the wake-up rule: to be called after each of the three steps. */
  void wakeOneIfNeeded() {
    if (vacant.any() && !isAnyoneTrusted(searching.get(0))) {
      wakeOne(true);
    }
  }

  /**
   * Keeps it even if whoever searches, or is about to wake one that will, has been suspended: to be
   * called now and then by the watchman.
   */
  void wakeOneIfForgotten() {
    wakeOne(false);
  }

  /**
   * Whether who searches may be relied on: another one watches, or does from now on. Where nobody
   * sleeps who could, one of many that search must be another one, unless there can be no other.
   */
  private boolean isAnyoneTrusted(long searchers) {
    return searchers != 0 && (watch.keep() || searchers >= ENOUGH_UNWATCHED || threads.isFull());
  }

  private void wakeOne(boolean trusting) {
    while (vacant.any()) {
      long searchers = searching.get(0);
      if (trusting && isAnyoneTrusted(searchers)) {
        return; // that searcher calls wakeOneIfNeeded when it stops
      }
      if (!lanes.isTaskQueued()) { // last: the queues' indexes are the workers' to write
        return;
      }
      if (!searching.compareAndSet(0, searchers, searchers + 1)) {
        continue;
      }
      Wish wish = Wish.REFUSED;
      int claimed = VacantLanes.NONE;
      try {
        claimed = vacant.claim(0);
        wish = claimed == VacantLanes.NONE ? Wish.NO_LANE : resumeOrStart(lanes.get(claimed));
      } finally { // a stack overflow in between must not leave a searcher that is none
        if (!wish.isGranted()) {
          if (claimed != VacantLanes.NONE) {
            vacant.release(claimed);
          }
          searching.addAndGet(0, -1);
        }
      }
      if (wish == Wish.STARTED || (wish == Wish.RESUMED && (!trusting || watch.keep()))) {
        return; // it is the searcher now; and another one watches
      }
      boolean hopeless = wish == Wish.REFUSED || (wish == Wish.FULL && threads.isFull());
      if (hopeless && idleCores.isEmpty() && idleSpares.isEmpty()) {
        return; // who sleeps or ends from now on looks itself
      }
    }
  }

  private Wish resumeOrStart(Lane lane) {
    return resume(idleCores, lane) || resume(idleSpares, lane) ? Wish.RESUMED : start(lane);
  }

  private boolean resume(IdleWorkers idle, Lane lane) {
    for (Worker worker = idle.pop(); worker != null; worker = idle.pop()) {
      awake.oneWakes();
      if (worker.resume(lane)) {
        return true;
      }
      oneSleeps();
    }
    return false;
  }

  private Wish start(Lane lane) {
    WorkerThreads.Permit permit = threads.permit();
    if (permit == WorkerThreads.Permit.STOPPED) {
      return Wish.REFUSED;
    }
    if (permit == WorkerThreads.Permit.FULL) {
      executor.saturated(threads.limit());
      return Wish.FULL;
    }
    Worker worker = new Worker(this, lane, permit == WorkerThreads.Permit.SPARE);
    workers.add(worker);
    executor.tally().workerStarted();
    awake.oneWakes();
    try {
      worker.start(threads.make(worker));
      return Wish.STARTED;
    } catch (OutOfMemoryError | RuntimeException e) { // the system, or the factory, gives none
      awake.oneSleeps();
      executor.threadNotStarted(e, forget(worker));
      return Wish.REFUSED;
    } catch (StackOverflowError e) {
      awake.oneSleeps();
      forget(worker);
      throw e;
    }
  }

  /** A lane has become vacant and its worker sleeps, or is about to block. */
  void vacate(Lane lane) {
    vacant.release(lane.index);
    wakeOneIfNeeded();
  }

  /** A vacant lane, if there is one, for a worker that has come back from blocking. */
  @Nullable Lane reclaim(int preferred) {
    int claimed = vacant.claim(preferred);
    return claimed == VacantLanes.NONE ? null : lanes.get(claimed);
  }

  void startSearching() {
    searching.addAndGet(0, 1);
  }

  void stopSearching() {
    searching.addAndGet(0, -1);
    wakeOneIfNeeded();
  }

  /** A worker sleeps; it can be resumed from now on, even before this returns. */
  void fallAsleep(Worker worker, @Nullable Lane lane, boolean wasSearching) {
    (worker.isSpare() ? idleSpares : idleCores).push(worker);
    if (lane != null) {
      vacant.release(lane.index);
    }
    if (wasSearching) {
      searching.addAndGet(0, -1);
    }
    wakeOneIfNeeded();
    oneSleeps();
  }

  /** Gives a spare's lane to a core worker that sleeps, if there is one. */
  boolean handToCore(Lane lane) {
    if (idleCores.isEmpty()) {
      return false;
    }
    searching.addAndGet(0, 1);
    if (resume(idleCores, lane)) {
      return true;
    }
    stopSearching();
    return false;
  }

  // Threads.

  /** Runs the worker initializer on the current thread; false if it failed. */
  boolean initialize() {
    if (initializer == null) {
      return true;
    }
    try {
      initializer.run();
      return true;
    } catch (Throwable failure) { // user code: it breaks the executor, with the cause
      executor.initializerFailed(failure);
      return false;
    }
  }

  boolean hasInitializer() {
    return initializer != null;
  }

  /** Whether there is no thread to take the place of one that blocks. */
  boolean isSaturated() {
    return threads.isFull() && idleCores.isEmpty() && idleSpares.isEmpty();
  }

  boolean isStopped() {
    return threads.isStopped();
  }

  void interruptRunning() {
    workers.forEach(Worker::interruptTask);
  }

  void interrupt(TaskRun<?> run) {
    workers.forEach(worker -> worker.interrupt(run));
  }

  /** Ends all threads: no task is left, and none will come. */
  void stop() {
    if (threads.stop()) {
      executor.lastThreadEnded();
    }
    endAll(idleCores);
    endAll(idleSpares);
  }

  private static void endAll(IdleWorkers idle) {
    for (Worker worker = idle.pop(); worker != null; worker = idle.pop()) {
      worker.end();
    }
  }

  /** The worker's thread does nothing more after this. */
  void ended(Worker worker) {
    forget(worker);
    wakeOneIfNeeded(); // where the number of threads is at its limit, another one may start now
  }

  /** True if other threads are left. */
  private boolean forget(Worker worker) {
    workers.remove(worker);
    executor.tally().workerEnded();
    WorkerThreads.Left left = threads.ended(worker.isSpare());
    if (left == WorkerThreads.Left.NONE_AND_STOPPED) {
      executor.lastThreadEnded();
    }
    return left == WorkerThreads.Left.OTHERS;
  }
}
