// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.Action;
import dev.interlock.spi.InterruptSlot;
import dev.interlock.spi.TaskRun;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One thread of the pool. The fields marked so are guarded by the pool's mutex. */
final class GilWorker extends GilScope implements Runnable {
  private final GilExecutor executor;
  private final WorkerPool pool;
  private final @Nullable Action initializer;
  private volatile @Nullable InterruptSlot slot;
  private @Nullable TaskRun<?> starting;

  /** Guarded by the pool's mutex: it is on its way to take a task, or waits for one. */
  boolean seeking = true;

  /** Guarded by the pool's mutex: it is inside a blocking call. */
  boolean blocked;

  /** Guarded by the pool's mutex: what it waits for in that call, if that is known. */
  Collection<?> awaited = List.of();

  GilWorker(
      GilExecutor executor, WorkerPool pool, InterpreterLock lock, @Nullable Action initializer) {
    super(executor, lock);
    this.executor = executor;
    this.pool = pool;
    this.initializer = initializer;
  }

  void start(Thread thread) {
    slot = InterruptSlot.ofWorker(thread);
    thread.start();
  }

  void interruptTask() {
    InterruptSlot itsSlot = slot;
    if (itsSlot != null) {
      itsSlot.interruptOccupant();
    }
  }

  /** Whether the worker itself has just begun {@code run}, holding the lock for it alone. */
  boolean isStarting(TaskRun<?> run) {
    boolean isIt = starting == run;
    if (isIt) {
      starting = null;
    }
    return isIt;
  }

  @Override
  public void run() {
    boolean orderly = false;
    bind();
    enroll();
    try {
      InterruptSlot itsSlot = Objects.requireNonNull(slot);
      if (initialize(itsSlot)) {
        while (pool.awaitTask(this)) {
          runNext(itsSlot);
        }
      }
      orderly = true;
    } finally {
      drop();
      withdraw();
      pool.ended(this, orderly);
    }
  }

  private boolean initialize(InterruptSlot itsSlot) {
    if (initializer == null) {
      return true;
    }
    Throwable failure = null;
    itsSlot.enter(this);
    try {
      acquireLock();
      enterTask();
      initializer.run();
    } catch (Throwable e) { // the user's: reported through every future
      failure = e;
    } finally {
      leaveTask();
      itsSlot.leave(this);
    }
    if (failure == null) {
      return true;
    }
    executor.broken("the worker initializer failed.", failure);
    return false;
  }

  private void runNext(InterruptSlot itsSlot) {
    acquireLock();
    TaskRun<?> run = pool.take(this);
    if (run != null) {
      Thread.interrupted(); // none is meant for this task: its cancel comes through the slot
      starting = run;
      run.runIn(itsSlot);
      starting = null;
    }
    drop(); // a body that ran has done so; one that was cancelled while queued has not
  }

  @Override
  protected void lent() {
    pool.blocked(this);
  }

  @Override
  protected void takenBack() {
    pool.unblocked(this);
  }

  @Override
  protected void awaiting(Collection<?> tasks) {
    pool.awaiting(this, tasks);
  }
}
