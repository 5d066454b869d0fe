// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The slot of a worker that runs {@link TaskRun}s, and actions without a future, one after the
 * other in this process. Entering and leaving it costs two plain writes.
 *
 * <p>For the run's own state says whether an interrupt may still come. A run that ends by deciding
 * its outcome cannot be cancelled any more, so it leaves without a handshake. One that was
 * abandoned leaves as in any slot: it waits until no interrupter is between its two steps.
 *
 * <p>A canceller moves the run to a state that says "interrupt", and then looks whether the run is
 * here. If it is not, because another one runs on top of it, the thread finds the state when it
 * resumes the run: it puts the run back, volatile, and then reads the state. Who of the two takes
 * the state back interrupts, so it happens once.
 *
 * <p>{@link #interruptOccupant} is for {@code shutdownNow} only, after which every task is
 * interrupted: it need not care for whom the interrupt is.
 *
 * <p>The occupant lies in a small object that is renewed now and then, because writing a young
 * reference into an old object costs a fence under the G1 collector.
 */
public final class RunSlot extends InterruptSlot {
  private static final int ENTRIES_OF_A_SEAT = 64;

  /** What {@link #pause} returns for an action without a future, and for no task at all. */
  private static final Object ACTION = new Object();

  private static final Object NONE = new Object();

  private static final VarHandle OCCUPANT;

  static {
    try {
      OCCUPANT = MethodHandles.lookup().findVarHandle(Seat.class, "occupant", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final class Seat {
    @SuppressWarnings("unused") // through OCCUPANT
    private volatile @Nullable Object occupant;
  }

  private final AbstractTaskExecutor owner;
  private volatile Seat seat = new Seat();
  private Tally.@Nullable Stripe stripe;
  private boolean runsAction;
  private int entries;

  /** The slot of {@code worker}, a thread of {@code owner}. */
  public RunSlot(AbstractTaskExecutor owner, Thread worker) {
    super(worker, true);
    this.owner = owner;
  }

  /** From now on the thread counts here; null if it has no place of its own. */
  public void countOn(Tally.@Nullable Stripe place) {
    stripe = place;
  }

  @Override
  Tally.@Nullable Stripe stripe() {
    return stripe;
  }

  @Override
  public void enter(Object task) {
    bindHere();
    if (++entries % ENTRIES_OF_A_SEAT == 0) {
      seat = new Seat();
    }
    OCCUPANT.setRelease(seat, task);
  }

  @Override
  @Nullable Object occupant() {
    Object task = OCCUPANT.getVolatile(seat);
    while (task == INTERRUPTING) {
      Thread.onSpinWait();
      task = OCCUPANT.getVolatile(seat);
    }
    if (task == null && runsAction) {
      task = new RunningAction(owner.nextTaskId());
      OCCUPANT.setRelease(seat, task);
    }
    return task;
  }

  @Override
  public void leave(Object task) {
    while (!OCCUPANT.compareAndSet(seat, task, null)) {
      Thread.onSpinWait();
    }
    Thread.interrupted();
  }

  @Override
  void leave(Object task, boolean decided) {
    if (decided) {
      OCCUPANT.setRelease(seat, null);
      Thread.interrupted();
    } else {
      leave(task);
    }
  }

  /**
   * Runs an action that has no future. What it throws goes to the thread's handler of uncaught
   * exceptions.
   */
  public void run(Runnable action) {
    bindHere();
    runsAction = true;
    if (owner.interruptsEveryTask()) {
      thread().interrupt();
    }
    Throwable failure = null;
    try {
      action.run();
    } catch (Throwable e) { // the action's own
      failure = e;
    }
    runsAction = false;
    if (OCCUPANT.get(seat) != null) {
      OCCUPANT.setRelease(seat, null);
    }
    Thread.interrupted();
    owner.actionEnded(failure, stripe);
  }

  @Override
  void interruptOwn(Object task) {
    thread().interrupt();
  }

  @Override
  public void interrupt(Object task) {
    Seat now = seat;
    if (OCCUPANT.compareAndSet(now, task, INTERRUPTING)) {
      interruptIfWanted(task);
      OCCUPANT.setRelease(now, task);
    }
  }

  private void interruptIfWanted(Object task) {
    if (task instanceof TaskRun<?> run && run.takeInterrupt()) {
      thread().interrupt();
    }
  }

  @Override
  public void interruptOccupant() {
    thread().interrupt();
  }

  /**
   * Takes the task that runs now out, so that another one can run on top of it; {@link #resume}
   * puts it back. Null if the thread is interrupted: then the task stays, and should react to that
   * first.
   */
  public @Nullable Object pause() {
    if (runsAction) {
      Object known = OCCUPANT.get(seat);
      if (thread().isInterrupted()) {
        return null;
      }
      runsAction = false;
      OCCUPANT.setRelease(seat, null);
      return known == null ? ACTION : known;
    }
    Object task = occupant();
    if (task == null) {
      return thread().isInterrupted() ? null : NONE;
    }
    while (!OCCUPANT.compareAndSet(seat, task, null)) {
      Thread.onSpinWait();
    }
    if (thread().isInterrupted()) {
      resume(task);
      return null;
    }
    return task;
  }

  /** Puts back what {@link #pause} has returned. */
  public void resume(Object paused) {
    if (paused instanceof TaskRun<?>) {
      OCCUPANT.setVolatile(seat, paused);
      interruptIfWanted(paused);
    } else if (paused != NONE) {
      runsAction = true;
      if (paused != ACTION) {
        OCCUPANT.setRelease(seat, paused);
      }
    }
    if (owner.interruptsEveryTask()) {
      thread().interrupt();
    }
  }
}
