// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.spi.LazyAlarm;
import dev.interlock.spi.TaskRun;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
  private int draining;
  private boolean stopping;
  private final SpawnBackOff backOff = new SpawnBackOff();
  private final LazyAlarm retry = new LazyAlarm(now -> retrySpawning());
  private final long idleAfterNs;
  private final LazyAlarm idleAlarm = new LazyAlarm(this::releaseIdle);

  /**
   * @param capacity how many workers there may be at once
   * @param idleAfter after how long without a task a worker ends; null for never
   * @param newWorker makes the worker of a number, and does not start it
   * @param onEmpty called once, when the last worker is gone after {@link #stop}
   */
  Roster(
      int capacity, @Nullable Duration idleAfter, IntFunction<Worker> newWorker, Runnable onEmpty) {
    this.capacity = capacity;
    this.idleAfterNs = idleAfter == null ? LazyAlarm.NEVER : idleAfter.toNanos();
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

  /** Tasks that no worker has any more, oldest first: the next workers get them. */
  void putBack(List<Assignment> tasks) {
    for (int i = tasks.size() - 1; i >= 0; i--) {
      putBack(tasks.get(i));
    }
  }

  /** Gives waiting tasks to idle workers, or starts a worker for them. */
  void dispatch() {
    Worker fed = null;
    Worker hired = null;
    long waitNs = 0;
    lock.lock();
    try {
      if (!queue.isEmpty()) {
        fed = idle.pollFirst();
        if (fed != null) {
          move(fed, WorkerState.BUSY);
        } else if (mayHire()) {
          waitNs = backOff.isActive() ? backOff.waitNs(System.nanoTime()) : 0;
          if (waitNs == 0) {
            hired = hire();
          }
        }
      }
    } finally {
      lock.unlock();
    }
    if (fed != null) {
      feed(fed);
    } else if (hired != null) {
      hired.start();
    } else if (waitNs > 0) {
      retry.ringBy(System.nanoTime() + waitNs);
    }
  }

  private long retrySpawning() {
    dispatch();
    return LazyAlarm.NEVER;
  }

  /** A worker that only ends takes no place; and after a failure, starts come one by one. */
  private boolean mayHire() {
    return !stopping
        && workers.size() - draining < capacity
        && queue.size() > spawning
        && (spawning == 0 || !backOff.isActive());
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
      boolean wornOut = worker.isWornOut();
      Assignment next;
      boolean ends;
      long idleUntilNs = LazyAlarm.NEVER;
      lock.lock();
      try {
        if (worker.state() != WorkerState.BUSY) {
          return; // it died meanwhile
        }
        next = wornOut ? null : queue.pollFirst();
        ends = wornOut || (next == null && stopping);
        if (ends) {
          move(worker, WorkerState.DRAINING);
        } else if (next == null) {
          move(worker, WorkerState.IDLE);
          idle.addFirst(worker);
          idleUntilNs = becomesIdle(worker);
        }
      } finally {
        lock.unlock();
      }
      if (ends) {
        worker.askToEnd();
        dispatch(); // another one takes its place
        return;
      }
      if (next == null) {
        if (idleUntilNs != LazyAlarm.NEVER) {
          idleAlarm.ringBy(idleUntilNs);
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

  /** Until when the worker may be idle. */
  private long becomesIdle(Worker worker) {
    if (idleAfterNs == LazyAlarm.NEVER) {
      return LazyAlarm.NEVER;
    }
    long now = System.nanoTime();
    worker.idleSince(now);
    return now + idleAfterNs;
  }

  /** Asks workers to end that have been idle for long enough. */
  private long releaseIdle(long nowNs) {
    List<Worker> released = new ArrayList<>();
    long next = LazyAlarm.NEVER;
    lock.lock();
    try {
      for (Worker worker : List.copyOf(idle)) {
        long leftNs = idleAfterNs - (nowNs - worker.idleSinceNs());
        if (leftNs <= 0) {
          idle.remove(worker);
          move(worker, WorkerState.DRAINING);
          released.add(worker);
        } else {
          next = Math.min(next, leftNs);
        }
      }
    } finally {
      lock.unlock();
    }
    released.forEach(Worker::askToEnd);
    return next == LazyAlarm.NEVER ? next : nowNs + next;
  }

  /** The child is ready for its first task. */
  void ready(Worker worker) {
    lock.lock();
    try {
      spawning--;
      backOff.succeeded();
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

  /**
   * A worker did not start.
   *
   * @return the first failure, if there were too many in a row and no other worker is left
   */
  @Nullable StartFailure startFailed(StartFailure failure, long startedNs) {
    lock.lock();
    try {
      backOff.failed(failure, startedNs, System.nanoTime());
      return workers.size() - spawning <= 1 ? backOff.tooMany() : null;
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
    if (before == WorkerState.DRAINING) {
      draining--;
    } else if (next == WorkerState.DRAINING) {
      draining++;
    }
    worker.setState(next);
  }
}
