// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The workers there are, each in its state, and whether there may be one more. Guarded by the
 * roster's lock.
 */
final class Crew {
  /** Less work than this is not worth taking from another worker. */
  private static final long STEAL_AT_LEAST_NS = 200_000;

  private final int capacity;
  private final IntFunction<Worker> newWorker;
  private final List<Worker> workers = new ArrayList<>();
  private final IdleWorkers idle;
  private final SpawnBackOff backOff = new SpawnBackOff();
  private int spawning;
  private int draining;
  private int lastNumber;

  /**
   * @param capacity how many workers there may be at once
   * @param idleAfter for how long a worker may be idle; null for ever
   * @param newWorker makes the worker of a number, and does not start it
   */
  Crew(int capacity, @Nullable Duration idleAfter, IntFunction<Worker> newWorker) {
    this.capacity = capacity;
    this.idle = new IdleWorkers(idleAfter);
    this.newWorker = newWorker;
  }

  boolean isEmpty() {
    return workers.isEmpty();
  }

  /** A copy. */
  List<Worker> workers() {
    return List.copyOf(workers);
  }

  /** How many are not SPAWNING. */
  int started() {
    return workers.size() - spawning;
  }

  /**
   * Whether so many waiting tasks want one more, and there is a place for it. A worker that only
   * ends takes no place; and after a failure, starts come one by one.
   */
  boolean mayHire(int waiting) {
    return workers.size() - draining < capacity
        && waiting > spawning + free()
        && (spawning == 0 || !backOff.isActive());
  }

  /** How many workers are not idle, and will take a task as soon as they can. */
  private int free() {
    int free = 0;
    for (int i = 0; i < workers.size(); i++) {
      if (workers.get(i).isFree()) {
        free++;
      }
    }
    return free;
  }

  /** How long the next one must wait for its start, after starts that failed; 0 if it need not. */
  long hireWaitNs() {
    return backOff.isActive() ? backOff.waitNs(System.nanoTime()) : 0;
  }

  /** One more, SPAWNING, for the caller to start. */
  Worker hire() {
    Worker worker = newWorker.apply(++lastNumber);
    workers.add(worker);
    spawning++;
    return worker;
  }

  /** Its child runs: BUSY. */
  void started(Worker worker) {
    backOff.succeeded();
    move(worker, WorkerState.BUSY);
  }

  /**
   * A worker did not start.
   *
   * @return the first failure, if there were too many in a row and no other worker is left
   */
  @Nullable StartFailure startFailed(StartFailure failure, long startedNs) {
    backOff.failed(failure, startedNs, System.nanoTime());
    return started() <= 1 ? backOff.tooMany() : null;
  }

  /** The idle one that was used last, BUSY now; null if there is none. */
  @Nullable Worker takeIdle() {
    Worker worker = idle.poll();
    if (worker != null) {
      move(worker, WorkerState.BUSY);
    }
    return worker;
  }

  /** IDLE from now on; returns when it will have been so for long enough. */
  long setIdle(Worker worker) {
    move(worker, WorkerState.IDLE);
    return idle.add(worker);
  }

  /** The one with the most that could be taken from it; null if that is not worth it. */
  @Nullable Worker fullest() {
    Worker fullest = null;
    long mostNs = STEAL_AT_LEAST_NS - 1;
    for (int i = 0; i < workers.size(); i++) {
      Worker worker = workers.get(i);
      if (worker.load().tasks() > 1 && worker.state() == WorkerState.BUSY) {
        long waitingNs = worker.waitingNs();
        if (waitingNs > mostNs) {
          fullest = worker;
          mostNs = waitingNs;
        }
      }
    }
    return fullest;
  }

  /** DRAINING from now on. */
  void drain(Worker worker) {
    move(worker, WorkerState.DRAINING);
  }

  /** Those that have been idle for long enough, DRAINING now. */
  List<Worker> drainDue(long nowNs) {
    List<Worker> due = idle.takeDue(nowNs);
    due.forEach(this::drain);
    return due;
  }

  /** When the next one will have been idle for long enough. */
  long nextDueNs() {
    return idle.nextDueNs();
  }

  /** All that were idle, DRAINING now. */
  List<Worker> drainIdle() {
    List<Worker> drained = in(WorkerState.IDLE);
    drained.forEach(this::drain);
    idle.clear();
    return drained;
  }

  /** Those in this state. */
  List<Worker> in(WorkerState state) {
    return workers.stream().filter(worker -> worker.state() == state).toList();
  }

  /** DYING: it has no tasks any more, and takes none. */
  void dying(Worker worker) {
    idle.remove(worker);
    worker.load().add(-worker.load().tasks());
    move(worker, WorkerState.DYING);
  }

  /** DEAD, and none of these any more. */
  void gone(Worker worker) {
    move(worker, WorkerState.DEAD);
    workers.remove(worker);
  }

  /** The one place where a worker changes its state. */
  private void move(Worker worker, WorkerState next) {
    WorkerState before = worker.state();
    if (!before.mayBecome(next)) {
      throw new IllegalStateException(worker + ": from " + before + " to " + next);
    }
    switch (before) {
      case SPAWNING -> spawning--;
      case DRAINING -> draining--;
      default -> {} // the others are not counted
    }
    if (next == WorkerState.DRAINING) {
      draining++;
    }
    worker.setState(next);
  }
}
