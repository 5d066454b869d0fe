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
    /** Sleeps, and is in nobody's way; may also be made the watchman. */
    ASLEEP,
    /** Leaves, and cannot be resumed. */
    ENDED
  }

  private final Worker worker;
  private final Scheduler scheduler;
  private final Vigil vigil;
  private final AtomicReference<State> state = new AtomicReference<>(State.AWAKE);
  private @Nullable Thread thread;
  private @Nullable Lane granted;

  Sleep(Worker worker, Scheduler scheduler) {
    this.worker = worker;
    this.scheduler = scheduler;
    this.vigil = new Vigil(worker, scheduler);
  }

  void setThread(Thread itsThread) {
    thread = itsThread;
  }

  // From any thread.

  boolean isAsleep() {
    return state.get() == State.ASLEEP;
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
    for (State now = state.get(); now == State.ASLEEP || now == State.DROWSY; now = state.get()) {
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
    scheduler.watch().keepIfNobodyDoes(worker);
    vigil.reset();
    state.compareAndSet(State.DROWSY, State.ASLEEP);
    long startNs = System.nanoTime();
    long nowNs = startNs;
    while (state.get() == State.ASLEEP) {
      long leftNs = scheduler.options().keepAliveNs() - (nowNs - startNs);
      if (leftNs <= 0 || scheduler.isStopped()) {
        end();
        break;
      }
      LockSupport.parkNanos(worker, Math.min(leftNs, vigil.dueInNs(nowNs)));
      Thread.interrupted(); // a stray one would keep it from sleeping
      nowNs = System.nanoTime();
      if (vigil.isDue(nowNs) && state.compareAndSet(State.ASLEEP, State.DROWSY)) {
        vigil.look(nowNs);
        state.compareAndSet(State.DROWSY, State.ASLEEP);
      }
    }
    if (state.get() == State.ENDED) {
      vigil.end();
      return null;
    }
    scheduler.watch().keep();
    return granted;
  }
}
