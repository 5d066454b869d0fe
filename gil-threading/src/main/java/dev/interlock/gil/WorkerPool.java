// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.TaskRun;
import dev.interlock.spi.VirtualThreads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue of tasks and the threads that take from it.
 *
 * <p><b>How many threads.</b> None until the first task; then one more for each task that no thread
 * is on its way to take, up to {@code workers}. A thread inside a blocking call does not count as a
 * worker: when all threads are blocked and a task is queued, one more is started, up to {@code
 * maxThreads}. A thread ends when it looks for a task and there are {@code workers} others that are
 * not blocked. Virtual threads cost little: then each task that waits to be taken may have one.
 *
 * <p><b>Nothing hangs.</b> When {@code maxThreads} threads all wait, without a limit, for tasks of
 * this executor, the wait that would be the last one fails instead.
 *
 * <p><b>Concurrency.</b> One mutex guards all state. It is a leaf: under it nothing is called, no
 * lock is taken and no thread is started. It may be taken while the interpreter lock is held, never
 * the other way round.
 */
final class WorkerPool {
  private static final Logger log = LoggerFactory.getLogger(WorkerPool.class);

  private enum Phase {
    /** Tasks come. */
    OPEN,
    /** No task is left and none will come; threads end. */
    STOPPING
  }

  private final GilExecutor executor;
  private final ExecutorSettings settings;
  private final InterpreterLock lock;
  private final int maxThreads;
  private final boolean virtual;
  private final @Nullable ClassLoader contextLoader =
      Thread.currentThread().getContextClassLoader();

  private final AtomicInteger lastNumber = new AtomicInteger();

  private final ReentrantLock mutex = new ReentrantLock();
  private final Condition work = mutex.newCondition();

  // Guarded by the mutex.
  private final Queue<TaskRun<?>> queue = new ArrayDeque<>();
  private final Set<GilWorker> workers = new LinkedHashSet<>();
  private Phase phase = Phase.OPEN;
  private int seeking;
  private int blocked;
  private int ending;

  WorkerPool(
      GilExecutor executor,
      ExecutorSettings settings,
      InterpreterLock lock,
      int maxThreads,
      boolean virtual) {
    this.executor = executor;
    this.settings = settings;
    this.lock = lock;
    this.maxThreads = maxThreads;
    this.virtual = virtual;
  }

  // Called by anybody.

  void add(TaskRun<?> run) {
    StackReserve.toBlock();
    GilWorker another;
    GilScope scope = lockMutex();
    try {
      queue.add(run);
      work.signal();
      another = oneMoreIfWanted();
    } finally {
      unlockMutex(scope);
    }
    start(another);
  }

  List<TaskRun<?>> drain() {
    GilScope scope = lockMutex();
    try {
      List<TaskRun<?>> drained = new ArrayList<>(queue);
      queue.clear();
      return drained;
    } finally {
      unlockMutex(scope);
    }
  }

  void interruptRunning() {
    List<GilWorker> all;
    GilScope scope = lockMutex();
    try {
      all = List.copyOf(workers);
    } finally {
      unlockMutex(scope);
    }
    all.forEach(GilWorker::interruptTask);
  }

  void stop() {
    boolean none;
    GilScope scope = lockMutex();
    try {
      phase = Phase.STOPPING;
      work.signalAll();
      none = isEmpty();
    } finally {
      unlockMutex(scope);
    }
    if (none) {
      executor.allWorkersEnded();
    }
  }

  // Called by the workers.

  /** Waits until there is a task to take; false if the worker must end. */
  boolean awaitTask(GilWorker me) {
    GilScope scope = lockMutex();
    try {
      setSeeking(me, true);
      while (phase == Phase.OPEN && active() <= mostActive()) {
        if (!queue.isEmpty()) {
          return true;
        }
        if (active() > settings.workers()) {
          break;
        }
        work.awaitUninterruptibly();
      }
      leave(me);
      return false;
    } finally {
      unlockMutex(scope);
    }
  }

  /** The next task; null if another worker was first. The caller holds the interpreter lock. */
  @Nullable TaskRun<?> take(GilWorker me) {
    GilScope scope = lockMutex();
    try {
      setSeeking(me, false);
      return queue.poll();
    } finally {
      unlockMutex(scope);
    }
  }

  void blocked(GilWorker me) {
    GilWorker another;
    GilScope scope = lockMutex();
    try {
      me.blocked = true;
      blocked++;
      if (me.seeking) {
        seeking--;
      }
      another = oneMoreIfWanted();
    } finally {
      unlockMutex(scope);
    }
    start(another);
  }

  void unblocked(GilWorker me) {
    GilScope scope = lockMutex();
    try {
      me.blocked = false;
      blocked--;
      if (me.seeking) {
        seeking++;
      }
      if (active() > settings.workers()) {
        work.signal(); // an idle worker, if there is one, ends
      }
    } finally {
      unlockMutex(scope);
    }
  }

  /**
   * The blocked worker {@code me} waits for one of {@code tasks}.
   *
   * @throws WorkersExhaustedException if that wait could never end
   */
  void awaiting(GilWorker me, Collection<?> tasks) {
    GilScope scope = lockMutex();
    try {
      me.awaited = tasks;
      if (!tasks.isEmpty() && workers.size() >= maxThreads && isStalled()) {
        throw new WorkersExhaustedException(settings.name(), maxThreads);
      }
    } finally {
      unlockMutex(scope);
    }
  }

  /** The last thing that a worker does. */
  void ended(GilWorker me, boolean orderly) {
    if (orderly) {
      executor.tally().workerEnded();
    } else {
      executor.tally().workerLost();
    }
    boolean last;
    GilWorker another;
    GilScope scope = lockMutex();
    try {
      if (workers.contains(me)) {
        leave(me);
      }
      ending--;
      another = oneMoreIfWanted();
      last = phase == Phase.STOPPING && isEmpty();
    } finally {
      unlockMutex(scope);
    }
    start(another);
    if (last) {
      executor.allWorkersEnded();
    }
  }

  // The mutex.

  /** A thread that waits for it inside a task is in our code: the lock stays with the task. */
  private @Nullable GilScope lockMutex() {
    GilScope scope = GilScope.enterOwnCode();
    mutex.lock();
    return scope;
  }

  private void unlockMutex(@Nullable GilScope scope) {
    mutex.unlock();
    GilScope.exitOwnCode(scope);
  }

  // Under the mutex.

  private int active() {
    return workers.size() - blocked;
  }

  private boolean isEmpty() {
    return workers.isEmpty() && ending == 0;
  }

  private void setSeeking(GilWorker worker, boolean isSeeking) {
    if (worker.seeking != isSeeking) {
      worker.seeking = isSeeking;
      seeking += isSeeking ? 1 : -1;
    }
  }

  /** From here on the worker takes no task; the wake-up that it may have had goes to another. */
  private void leave(GilWorker me) {
    setSeeking(me, false);
    workers.remove(me);
    ending++;
    if (!queue.isEmpty()) {
      work.signal();
    }
  }

  /** How many threads may be in tasks; with virtual threads, every task may have one. */
  private int mostActive() {
    return virtual ? maxThreads : settings.workers();
  }

  /** A task is queued that nobody is on the way to take, and another thread may be started. */
  private @Nullable GilWorker oneMoreIfWanted() {
    boolean wanted = phase == Phase.OPEN && queue.size() > seeking;
    boolean allowed =
        workers.size() < mostActive() || (active() == 0 && workers.size() < maxThreads);
    if (!wanted || !allowed) {
      return null;
    }
    GilWorker worker = new GilWorker(executor, this, lock, settings.workerInitializer());
    workers.add(worker);
    seeking++;
    return worker;
  }

  /** Every worker waits for tasks of this executor, and none of these is done. */
  private boolean isStalled() {
    for (GilWorker worker : workers) {
      if (!worker.blocked || worker.awaited.isEmpty()) {
        return false;
      }
      for (Object task : worker.awaited) {
        if (!(task instanceof GilRun<?> run) || !run.belongsTo(executor) || run.isDone()) {
          return false;
        }
      }
    }
    return true;
  }

  // Outside the mutex.

  private void start(@Nullable GilWorker worker) {
    if (worker == null) {
      return;
    }
    try {
      executor.tally().workerStarted();
      worker.start(threadOf(worker));
    } catch (OutOfMemoryError | RuntimeException e) { // the system, or the factory, gives none
      abandon(worker, e);
    }
  }

  private Thread threadOf(GilWorker worker) {
    String name = settings.name() + "-worker-" + lastNumber.incrementAndGet();
    if (!virtual || settings.threadFactory() != null) {
      return settings.workerThread(name, worker, contextLoader);
    }
    Thread thread = VirtualThreads.unstarted(name, worker);
    thread.setContextClassLoader(contextLoader);
    return thread;
  }

  private void abandon(GilWorker worker, Throwable reason) {
    boolean nobody;
    boolean last;
    GilScope scope = lockMutex();
    try {
      leave(worker);
      ending--;
      nobody = active() == 0;
      last = phase == Phase.STOPPING && isEmpty();
    } finally {
      unlockMutex(scope);
    }
    executor.tally().workerLost();
    log.error("{}: no more threads can be started", settings.name(), reason);
    if (nobody) {
      executor.broken("no worker thread can be started.", reason);
    }
    if (last) {
      executor.allWorkersEnded();
    }
  }
}
