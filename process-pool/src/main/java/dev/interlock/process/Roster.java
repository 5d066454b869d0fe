// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.spi.TaskRun;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * Which tasks wait, and which worker is in which state.
 *
 * <p>A worker is started when a task waits that no idle or starting worker will take; the worker
 * used last is used first, so that what is warm stays warm.
 *
 * <p><b>Concurrency.</b> One lock guards everything here. It is held for a few steps in memory:
 * never while a task is begun, a frame is sent, a process is started, or user code runs.
 */
final class Roster {
  private static final int PURGE_AT_LEAST = 1_024;

  /** Starts of workers that may fail one after the other, with no worker left that runs. */
  private static final int MOST_START_FAILURES = 3;

  private final ReentrantLock lock = new ReentrantLock();
  private final int capacity;
  private final IntFunction<Worker> newWorker;
  private final Runnable onEmpty;
  private final ArrayDeque<Assignment> queue = new ArrayDeque<>();
  private final ArrayDeque<Worker> idle = new ArrayDeque<>();
  private final List<Worker> workers = new ArrayList<>();
  private int purgeAt = PURGE_AT_LEAST;
  private int spawning;
  private int lastNumber;
  private int startFailures;
  private boolean stopping;

  /**
   * @param capacity how many workers there may be at once
   * @param newWorker makes the worker of a number, and does not start it
   * @param onEmpty called once, when the last worker is gone after {@link #stop}
   */
  Roster(int capacity, IntFunction<Worker> newWorker, Runnable onEmpty) {
    this.capacity = capacity;
    this.newWorker = newWorker;
    this.onEmpty = onEmpty;
  }

  /** Starts a first worker, so that it is ready, or nearly, when the first task comes. */
  void open() {
    Worker first;
    lock.lock();
    try {
      first = hire();
    } finally {
      lock.unlock();
    }
    first.start();
  }

  /** Adds a task, and hands it to a worker if one is idle. */
  void add(Assignment task) {
    lock.lock();
    try {
      if (queue.size() >= purgeAt) {
        queue.removeIf(waiting -> !waiting.isBegun() && waiting.run().isDone());
        purgeAt = Math.max(PURGE_AT_LEAST, 2 * queue.size());
      }
      queue.add(task);
    } finally {
      lock.unlock();
    }
    dispatch();
  }

  /** The task was taken, but did not reach its worker: the next worker gets it. */
  void putBack(Assignment task) {
    lock.lock();
    try {
      queue.addFirst(task);
    } finally {
      lock.unlock();
    }
    dispatch();
  }

  /** Gives waiting tasks to idle workers, or starts a worker for them. */
  void dispatch() {
    Worker fed = null;
    Worker hired = null;
    lock.lock();
    try {
      if (!queue.isEmpty()) {
        fed = idle.pollFirst();
        if (fed != null) {
          move(fed, WorkerState.BUSY);
        } else if (mayHire()) {
          hired = hire();
        }
      }
    } finally {
      lock.unlock();
    }
    if (fed != null) {
      feed(fed);
    } else if (hired != null) {
      hired.start();
    }
  }

  private boolean mayHire() {
    return !stopping
        && workers.size() < capacity
        && queue.size() > spawning
        && (startFailures < MOST_START_FAILURES || workers.isEmpty());
  }

  private Worker hire() {
    Worker worker = newWorker.apply(++lastNumber);
    workers.add(worker);
    spawning++;
    return worker;
  }

  /** Finds the next task for a worker that is BUSY and has none. */
  void feed(Worker worker) {
    while (true) {
      Assignment next;
      boolean ends = false;
      lock.lock();
      try {
        if (worker.state() != WorkerState.BUSY) {
          return; // it died meanwhile
        }
        next = queue.pollFirst();
        if (next == null) {
          ends = stopping;
          move(worker, ends ? WorkerState.DRAINING : WorkerState.IDLE);
          if (!ends) {
            idle.addFirst(worker);
          }
        }
      } finally {
        lock.unlock();
      }
      if (next == null) {
        if (ends) {
          worker.askToEnd();
        }
        return;
      }
      if (next.begin()) {
        if (!worker.inFlight().send(next)) {
          putBack(next);
        }
        return;
      }
    }
  }

  /** The child is ready for its first task. */
  void ready(Worker worker) {
    lock.lock();
    try {
      spawning--;
      startFailures = 0;
      move(worker, WorkerState.BUSY);
    } finally {
      lock.unlock();
    }
    feed(worker);
  }

  /** The child can take no more tasks. */
  void dying(Worker worker) {
    lock.lock();
    try {
      if (worker.state() == WorkerState.SPAWNING) {
        spawning--;
      }
      idle.remove(worker);
      move(worker, WorkerState.DYING);
    } finally {
      lock.unlock();
    }
  }

  /** Whether no worker can be started: too many starts failed, and no other worker is left. */
  boolean startFailed() {
    lock.lock();
    try {
      startFailures++;
      return startFailures >= MOST_START_FAILURES && workers.size() - spawning <= 1;
    } finally {
      lock.unlock();
    }
  }

  /** The child is gone, and its task ended or put back. */
  void gone(Worker worker) {
    boolean empty;
    lock.lock();
    try {
      move(worker, WorkerState.DEAD);
      workers.remove(worker);
      empty = stopping && workers.isEmpty();
    } finally {
      lock.unlock();
    }
    if (empty) {
      onEmpty.run();
    } else {
      dispatch();
    }
  }

  /** Takes out what no worker has begun: all but what was put back. */
  List<TaskRun<?>> drain() {
    return takeOut(task -> !task.isBegun());
  }

  /** Takes out what was put back. */
  List<TaskRun<?>> drainBegun() {
    return takeOut(Assignment::isBegun);
  }

  private List<TaskRun<?>> takeOut(Predicate<Assignment> which) {
    lock.lock();
    try {
      List<TaskRun<?>> runs = new ArrayList<>();
      queue.removeIf(task -> which.test(task) && runs.add(task.run()));
      return runs;
    } finally {
      lock.unlock();
    }
  }

  /** No task will come: asks the workers to end. */
  void stop() {
    List<Worker> asked = new ArrayList<>();
    List<Worker> unneeded = new ArrayList<>();
    boolean empty;
    lock.lock();
    try {
      stopping = true;
      for (Worker worker : workers) {
        if (worker.state() == WorkerState.IDLE) {
          move(worker, WorkerState.DRAINING);
          asked.add(worker);
        } else if (worker.state() == WorkerState.SPAWNING) {
          unneeded.add(worker);
        }
      }
      idle.clear();
      empty = workers.isEmpty();
    } finally {
      lock.unlock();
    }
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
      return List.copyOf(workers);
    } finally {
      lock.unlock();
    }
  }

  /** The one place where a worker changes its state. */
  private void move(Worker worker, WorkerState next) {
    WorkerState before = worker.state();
    if (!before.mayBecome(next)) {
      throw new IllegalStateException(worker + ": from " + before + " to " + next);
    }
    worker.setState(next);
  }
}
