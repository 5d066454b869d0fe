// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How one worker falls asleep, is resumed with a lane, or ends.
 *
 * <p><b>Concurrency.</b> Lock-free. Any thread may resume or end a worker that sleeps; the
 * compare-and-set of the state decides who does. {@code granted} is written before it, and read by
 * the worker after it has seen that. The thread is set before the worker can sleep.
 */
final class Sleep {
  private enum State {
    /** Runs tasks, searches for them, or finishes one without a lane. */
    AWAKE,
    /** Sleeps, without a lane, but looks around just now; may be resumed or ended by anybody. */
    DROWSY,
    /** Parks; may also be made the watchman. */
    ASLEEP,
    /** The same, with a timer: it is the watchman. */
    WATCHING,
    /** Leaves, and cannot be resumed. */
    ENDED
  }

  private final Worker worker;
  private final Scheduler scheduler;
  private final Vigil vigil;
  private final long keepAliveNs;
  private final AtomicReference<State> state = new AtomicReference<>(State.AWAKE);
  private @Nullable Thread thread;
  private @Nullable Lane granted;

  /** How it sleeps, by its own thread; the state is the same until another thread changes it. */
  private State mine = State.DROWSY;

  Sleep(Worker worker, Scheduler scheduler) {
    this.worker = worker;
    this.scheduler = scheduler;
    this.keepAliveNs = scheduler.options().keepAliveNs();
    this.vigil = new Vigil(worker, scheduler);
  }

  void setThread(Thread itsThread) {
    thread = itsThread;
  }

  // From any thread.

  boolean isAsleep() {
    State now = state.get();
    return now == State.ASLEEP || now == State.WATCHING;
  }

  boolean isWatching() {
    return state.get() == State.WATCHING;
  }

  void unpark() {
    LockSupport.unpark(thread);
  }

  /** Wakes it with a lane; false if it has ended. Only one thread at a time: it was in a stack. */
  boolean resume(Lane lane) {
    granted = lane;
    return leave(State.AWAKE);
  }

  /** Ends it if it sleeps. */
  void end() {
    leave(State.ENDED);
  }

  private boolean leave(State to) {
    for (State now = state.get(); now != State.AWAKE && now != State.ENDED; now = state.get()) {
      if (state.compareAndSet(now, to)) {
        unpark();
        return true;
      }
    }
    return false;
  }

  // On the worker's thread.

  /** It can be resumed from now on, if it is found. */
  void begin() {
    state.set(State.DROWSY);
  }

  /** Sleeps until it is resumed: the lane that it is granted; null if it should end. */
  @Nullable Lane untilResumed() {
    scheduler.watch().keepIfVacant(worker);
    vigil.reset();
    mine = State.DROWSY;
    long startNs = System.nanoTime();
    long nowNs = startNs;
    while (!isOver(startNs, nowNs)) {
      long dueInNs = vigil.dueInNs(nowNs);
      if (!turn(dueInNs == Long.MAX_VALUE ? State.ASLEEP : State.WATCHING)) {
        break;
      }
      long leftNs = keepAliveNs - (nowNs - startNs);
      LockSupport.parkNanos(worker, Math.min(leftNs > 0 ? leftNs : Vigil.LONGEST_NS, dueInNs));
      Thread.interrupted(); // a stray one would keep it from sleeping
      nowNs = System.nanoTime();
      if (vigil.isDue(nowNs) && turn(State.DROWSY)) {
        vigil.look(nowNs);
      }
    }
    if (state.get() == State.ENDED) {
      vigil.end();
      return null;
    }
    scheduler.watch().keep();
    return granted;
  }

  /** Whether it was resumed or ended; ends it if its time has come, unless nobody else watches. */
  private boolean isOver(long startNs, long nowNs) {
    boolean late = nowNs - startNs >= keepAliveNs && turn(State.DROWSY) && vigil.mayEnd();
    if (late || scheduler.isStopped()) {
      end();
    }
    return state.get() != mine;
  }

  /** From one way of sleeping to another; false if it was resumed or ended. */
  private boolean turn(State to) {
    if (mine == to) {
      return state.get() == mine;
    }
    boolean turned = state.compareAndSet(mine, to);
    mine = turned ? to : mine;
    return turned;
  }
}
