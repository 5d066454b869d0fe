// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.spi.LazyAlarm;
import dev.interlock.spi.TaskRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks wait, and which of the {@link Crew} gets them.
 *
 * <p>A worker is started when a task waits that no worker will take that is idle or soon to be: one
 * that starts, one that has ended its first task and is being connected, one that is about to look
 * for its next task.
 *
 * <p><b>Concurrency.</b> One lock guards everything here. It is held for a few steps in memory:
 * never while a task is begun, a frame is sent, a process is started, or user code runs.
 */
final class Roster {
  private final ReentrantLock lock = new ReentrantLock();
  private final Waiting queue = new Waiting();
  private final Crew crew;
  private boolean stopping;
  private final Runnable onEmpty;
  private final LazyAlarm retry = new LazyAlarm(now -> retrySpawning());
  private final LazyAlarm idleAlarm = new LazyAlarm(this::releaseIdle);

  /**
   * Set before anything is interrupted, read after tasks were sent: one of the two sees the other.
   */
  private volatile boolean halted;

  /**
   * @param capacity how many workers there may be at once
   * @param idleAfter after how long without a task a worker ends; null for never
   * @param newWorker makes the worker of a number, and does not start it
   * @param onEmpty called once, when the last worker is gone after {@link #stop}
   */
  Roster(
      int capacity, @Nullable Duration idleAfter, IntFunction<Worker> newWorker, Runnable onEmpty) {
    this.crew = new Crew(capacity, idleAfter, newWorker);
    this.onEmpty = onEmpty;
  }

  /** Starts a first worker, so that it is ready, or nearly, when the first task comes. */
  void open() {
    Worker first;
    lock.lock();
    try {
      first = crew.hire();
    } finally {
      lock.unlock();
    }
    first.start();
  }

  /** Adds a task, and hands it to a worker if one is idle. */
  void add(Assignment task) {
    lock.lock();
    try {
      queue.add(task);
    } finally {
      lock.unlock();
    }
    dispatch();
  }

  /** Tasks that no worker has any more, oldest first: the next workers get them. */
  void putBack(List<Assignment> tasks) {
    if (requeue(tasks)) {
      dispatchAll();
    }
  }

  /** {@code from} has not started these tasks of its own, and never will. */
  void giveBack(Worker from, List<Assignment> unstarted) {
    if (unstarted.isEmpty()) {
      return;
    }
    boolean waiting = requeue(unstarted);
    release(from, unstarted.size());
    if (waiting) {
      dispatchAll();
    }
  }

  /** Those that are not cancelled become the first in the queue; false if there are none. */
  private boolean requeue(List<Assignment> tasks) {
    List<Assignment> waiting = Assignment.requeue(tasks);
    if (waiting.isEmpty()) {
      return false;
    }
    if (halted) {
      waiting.forEach(task -> task.run().cancel(false));
      return false;
    }
    lock.lock();
    try {
      queue.addFirst(waiting);
    } finally {
      lock.unlock();
    }
    return true;
  }

  /** So many tasks are not the worker's any more. If they were its last ones, it gets others. */
  private void release(Worker worker, int tasks) {
    boolean isFree;
    lock.lock();
    try {
      worker.load().add(-tasks);
      isFree = worker.load().tasks() == 0;
    } finally {
      lock.unlock();
    }
    if (isFree) {
      feed(worker, 0);
    }
  }

  /** Gives what waits to idle and new workers. */
  private void dispatchAll() {
    while (dispatch()) {} // one more worker each time
  }

  /** Gives waiting tasks to an idle worker, or starts a worker for them; false if there is none. */
  boolean dispatch() {
    Worker fed = null;
    Worker hired = null;
    long waitNs = 0;
    lock.lock();
    try {
      if (!queue.isEmpty()) {
        fed = crew.takeIdle();
        if (fed == null && !stopping && crew.mayHire(queue.size())) {
          waitNs = crew.hireWaitNs();
          hired = waitNs == 0 ? crew.hire() : null;
        }
      }
    } finally {
      lock.unlock();
    }
    if (fed != null) {
      feed(fed, 0);
    } else if (hired != null) {
      hired.start();
    } else if (waitNs > 0) {
      retry.ringBy(System.nanoTime() + waitNs);
    }
    return fed != null || hired != null;
  }

  private long retrySpawning() {
    dispatch();
    return LazyAlarm.NEVER;
  }

  /**
   * Finds the next tasks for a worker that is BUSY. Exactly one of the calls that bring what it
   * holds down to nothing finds that so, and makes it IDLE if nothing waits.
   *
   * @param ended how many of its tasks have ended
   */
  void feed(Worker worker, int ended) {
    int done = ended;
    while (true) {
      boolean wornOut = worker.isWornOut();
      Room room = wornOut ? Room.NONE : worker.inFlight().room();
      List<Assignment> taken;
      boolean ends = false;
      long idleUntilNs = LazyAlarm.NEVER;
      Worker fullest = null;
      int half = 0;
      lock.lock();
      try {
        worker.load().add(-done);
        worker.load().setFull(wornOut || room.closed());
        if (worker.state() != WorkerState.BUSY) {
          return; // it died meanwhile
        }
        int sharers = Math.max(1, crew.started());
        taken = queue.take(worker.load().tasks(), (queue.size() + sharers - 1) / sharers, room);
        worker.load().add(taken.size());
        if (worker.load().tasks() == 0 && !queue.isEmpty() && room.isFull() && !wornOut) {
          done = 0;
          continue; // what filled it has ended, and who saw that could not know it was the last
        }
        if (worker.load().tasks() == 0 && !room.closed()) {
          ends = wornOut || stopping;
          if (ends) {
            crew.drain(worker);
          } else {
            idleUntilNs = crew.setIdle(worker);
            fullest = crew.fullest();
            half = fullest == null ? 0 : fullest.load().tasks() / 2;
          }
        }
      } finally {
        lock.unlock();
      }
      if (ends) {
        worker.askToEnd();
        dispatchAll(); // another one takes its place
      } else if (fullest != null) {
        giveBack(fullest, fullest.inFlight().recall(half));
      }
      if (idleUntilNs != LazyAlarm.NEVER) {
        idleAlarm.ringBy(idleUntilNs);
      }
      done = taken.isEmpty() ? 0 : send(worker, taken);
      if (done == 0) {
        return;
      }
    }
  }

  /** Asks workers to end that have been idle for long enough. */
  private long releaseIdle(long nowNs) {
    List<Worker> released;
    long nextNs;
    lock.lock();
    try {
      released = crew.drainDue(nowNs);
      nextNs = crew.nextDueNs();
    } finally {
      lock.unlock();
    }
    released.forEach(Worker::askToEnd);
    return nextNs;
  }

  /** Sends what is not cancelled; returns how many the worker has not got. */
  private int send(Worker worker, List<Assignment> taken) {
    List<Assignment> begun = Assignment.begin(taken);
    List<Assignment> unsent = worker.inFlight().send(begun);
    if (begun.size() > 1) {
      worker.watch();
    }
    if (!unsent.isEmpty()) {
      requeue(unsent);
    }
    if (halted) {
      interrupt(worker);
    }
    return taken.size() - begun.size() + unsent.size();
  }

  /** Interrupts what runs, and cancels what was sent and has not started; also from now on. */
  void halt() {
    halted = true;
    workers().forEach(this::interrupt);
  }

  private void interrupt(Worker worker) {
    giveBack(worker, worker.inFlight().recallAll());
    worker.inFlight().interruptRunning();
  }

  /**
   * The child runs, and takes one task before it is connected. That it is not connected counts as a
   * task that it holds, so that it is not idle, until {@link #connected}.
   *
   * @return false, with nothing done, if no task waits
   */
  boolean readyEarly(Worker worker) {
    lock.lock();
    try {
      if (queue.isEmpty()) {
        return false;
      }
      crew.started(worker);
      worker.load().beginToConnect();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** A child that was {@link #readyEarly} is connected. */
  void connected(Worker worker) {
    lock.lock();
    try {
      worker.load().endToConnect();
    } finally {
      lock.unlock();
    }
    feed(worker, 0);
  }

  /** The child is ready for its first task. */
  void ready(Worker worker) {
    lock.lock();
    try {
      crew.started(worker);
    } finally {
      lock.unlock();
    }
    feed(worker, 0);
  }

  /** The child can take no more tasks. */
  void dying(Worker worker) {
    lock.lock();
    try {
      crew.dying(worker);
    } finally {
      lock.unlock();
    }
  }

  /** A worker did not start: {@link Crew#startFailed}. */
  @Nullable StartFailure startFailed(StartFailure failure, long startedNs) {
    lock.lock();
    try {
      return crew.startFailed(failure, startedNs);
    } finally {
      lock.unlock();
    }
  }

  /** The child is gone, and its task ended or put back. */
  void gone(Worker worker) {
    boolean empty;
    lock.lock();
    try {
      crew.gone(worker);
      empty = stopping && crew.isEmpty();
    } finally {
      lock.unlock();
    }
    if (empty) {
      onEmpty.run();
    } else {
      dispatchAll();
    }
  }

  /** Takes out what no worker has started, oldest first. */
  List<TaskRun<?>> drain() {
    List<Worker> present = workers();
    List<List<Assignment>> recalled = new ArrayList<>();
    present.forEach(worker -> recalled.add(worker.inFlight().recallAll()));
    List<TaskRun<?>> runs = new ArrayList<>();
    recalled.forEach(tasks -> Assignment.requeue(tasks).forEach(task -> runs.add(task.run())));
    lock.lock();
    try {
      queue.drainTo(runs);
    } finally {
      lock.unlock();
    }
    for (int i = 0; i < present.size(); i++) {
      if (!recalled.get(i).isEmpty()) {
        release(present.get(i), recalled.get(i).size());
      }
    }
    return runs;
  }

  /** No task will come: asks the workers to end. */
  void stop() {
    List<Worker> asked;
    List<Worker> unneeded;
    boolean empty;
    lock.lock();
    try {
      stopping = true;
      asked = crew.drainIdle();
      unneeded = crew.in(WorkerState.SPAWNING);
      empty = crew.isEmpty();
    } finally {
      lock.unlock();
    }
    retry.close();
    idleAlarm.close();
    asked.forEach(Worker::askToEnd);
    unneeded.forEach(Worker::kill);
    if (empty) {
      onEmpty.run();
    }
  }

  /** The workers there are. */
  List<Worker> workers() {
    lock.lock();
    try {
      return crew.workers();
    } finally {
      lock.unlock();
    }
  }
}
