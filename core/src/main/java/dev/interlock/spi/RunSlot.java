// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The slot of a worker that runs {@link TaskRun}s, and actions without a future, one after the
 * other in this process, or one on top of another that waits for it. Entering and leaving costs two
 * plain writes.
 *
 * <p><b>Whose interrupt it is.</b> A canceller decides the outcome of the run, moves its state to
 * one that says "interrupt", says that an interrupter is here, and then looks whether the run is
 * the occupant; if so, it takes the state back and interrupts. The worker pays for this in three
 * places only, each after a compare-and-set of a run, so that one of the two sees the other:
 *
 * <ul>
 *   <li>It ends a run: it has cleared the interrupt and written the occupant, and then fails to
 *       decide the outcome. It waits until no interrupter is here, and clears the interrupt. If it
 *       does decide the outcome, nobody means to interrupt the run any more.
 *   <li>It begins a run on top of another one: it has written the new occupant, then it moves the
 *       new run's state. If an interrupter is here, or the thread is interrupted, that may be meant
 *       for the lower run, which gets it back.
 *   <li>It goes on with the lower run: it has written that as the occupant before the upper run's
 *       outcome was decided, and looks whether the lower one's state says "interrupt".
 * </ul>
 *
 * <p>{@link #interruptOccupant} is for {@code shutdownNow} only, after which every task is
 * interrupted: it need not care for whom the interrupt is.
 *
 * <p>What changes with each task lies in a small object that is renewed now and then: writing a
 * young reference into an old object costs a fence under the G1 collector; and an old object may
 * lie on one cache line with another worker's, from one collection to the next.
 */
public final class RunSlot extends InterruptSlot {
  private static final int ENTRIES_OF_A_SEAT = 64;

  /** What {@link #pause} returns for an action without a future, and for no task at all. */
  private static final Object ACTION = new Object();

  private static final Object NONE = new Object();

  private static final VarHandle SEAT;
  private static final VarHandle OCCUPANT;
  private static final VarHandle INTERRUPTERS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      SEAT = lookup.findVarHandle(RunSlot.class, "seat", Seat.class);
      OCCUPANT = lookup.findVarHandle(Seat.class, "occupant", Object.class);
      INTERRUPTERS = lookup.findVarHandle(RunSlot.class, "interrupters", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final class Seat {
    @SuppressWarnings("unused") // through OCCUPANT
    private volatile @Nullable Object occupant;

    /** How often it was taken. */
    private int entries;

    /** How many tasks are paused. */
    private int depth;

    Seat(int depth) {
      this.depth = depth;
    }
  }

  private final AbstractTaskExecutor owner;

  /**
   * Written, release, by the thread itself; like the occupant before a compare-and-set of a run.
   */
  private volatile Seat seat = new Seat(0);

  /** How many threads are about to interrupt the occupant, or to find that they must not. */
  private volatile int interrupters;

  private Tally.@Nullable Stripe stripe;
  private boolean runsAction;

  /** The slot of {@code worker}, a thread of {@code owner}. */
  public RunSlot(AbstractTaskExecutor owner, Thread worker) {
    super(worker, true);
    this.owner = owner;
  }

  /** From now on the thread counts here; null if it has no place of its own. */
  public void countOn(Tally.@Nullable Stripe place) {
    stripe = place;
  }

  /** For the thread itself. */
  private Seat ownSeat() {
    return (Seat) SEAT.get(this);
  }

  @Override
  Tally.@Nullable Stripe stripe() {
    return stripe;
  }

  @Override
  public void enter(Object task) {
    bindHere();
    Seat mine = ownSeat();
    if (++mine.entries == ENTRIES_OF_A_SEAT) {
      mine = new Seat(mine.depth);
      SEAT.setRelease(this, mine);
    }
    OCCUPANT.setRelease(mine, task);
  }

  @Override
  @Nullable Object occupant() {
    Object task = OCCUPANT.get(ownSeat());
    if (task == null && runsAction) {
      task = new RunningAction(owner.nextTaskId());
      OCCUPANT.setRelease(ownSeat(), task);
    }
    return task;
  }

  @Override
  public void leave(Object task) {
    shakeOff(null);
  }

  @Override
  void bodyEnded(@Nullable Object paused) {
    Thread.interrupted();
    Seat mine = ownSeat();
    OCCUPANT.setRelease(mine, occupantOf(paused));
    if (paused == null) {
      mine.depth = 0; // a stack that was used up may have cut a resume off
    }
  }

  @Override
  void leave(Object task, @Nullable Object paused, boolean decided) {
    if (!decided) {
      shakeOff(paused);
    }
  }

  private static @Nullable Object occupantOf(@Nullable Object paused) {
    return paused == NONE || paused == ACTION ? null : paused;
  }

  /** The run that ends was abandoned: its interrupt may be under way. */
  private void shakeOff(@Nullable Object paused) {
    OCCUPANT.setVolatile(seat, occupantOf(paused));
    awaitInterrupters();
    if (Thread.interrupted() && paused instanceof TaskRun<?> run) {
      run.giveInterruptBack();
    }
  }

  private void awaitInterrupters() {
    while (interrupters != 0) {
      Thread.onSpinWait();
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
    if (OCCUPANT.get(ownSeat()) != null) {
      OCCUPANT.setRelease(ownSeat(), null);
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
    INTERRUPTERS.getAndAdd(this, 1);
    if (OCCUPANT.getVolatile(seat) == task) {
      interruptIfWanted(task);
    }
    INTERRUPTERS.getAndAdd(this, -1);
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
   * Prepares that another task runs on top of the one that runs now; {@link #resume} goes back to
   * it. Null if the thread is interrupted: then the task should react to that first.
   */
  public @Nullable Object pause() {
    if (thread().isInterrupted()) {
      return null;
    }
    Seat mine = ownSeat();
    mine.depth++;
    Object known = OCCUPANT.get(mine);
    if (runsAction) {
      runsAction = false;
      return known == null ? ACTION : known;
    }
    return known == null ? NONE : known;
  }

  /** How many tasks are paused, below the one that runs. For the thread itself. */
  public int depth() {
    return ownSeat().depth;
  }

  /**
   * The run on top of what {@link #pause} has returned has begun. If an interrupt came before that,
   * it is kept for the lower one.
   */
  public void began(TaskRun<?> upper, Object paused) {
    if ((interrupters != 0 || thread().isInterrupted()) && paused instanceof TaskRun<?> lower) {
      awaitInterrupters();
      if (lower.isInterrupted() && !upper.isInterrupted() && Thread.interrupted()) {
        lower.giveInterruptBack();
      }
    }
  }

  /** Goes on with what {@link #pause} has returned. */
  public void resume(Object paused) {
    Object lower = occupantOf(paused);
    Seat mine = ownSeat();
    mine.depth--;
    if (OCCUPANT.get(mine) != lower) { // the upper one has not come as far as to leave
      OCCUPANT.setVolatile(seat, lower);
    }
    if (paused instanceof TaskRun<?>) {
      interruptIfWanted(paused);
    } else if (paused != NONE) {
      runsAction = true;
    }
    if (owner.interruptsEveryTask()) {
      thread().interrupt();
    }
  }
}
