// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Holds the task that one thread runs, so that an interrupt meant for a task can never hit the
 * next.
 *
 * <p>The interrupter swaps the occupant for a marker, interrupts the thread, and puts the occupant
 * back. The thread leaves by swapping the occupant for null: while the marker is there it spins, a
 * few instructions long. After {@link #leave} the interrupt of the left task is cleared.
 *
 * <p>{@link #interrupt} and {@link #interruptOccupant} are thread-safe and do not block; all else
 * belongs to the slot's thread.
 */
public class InterruptSlot implements Interruption {
  /** Stands in for the occupant while its thread is being interrupted. */
  static final Object INTERRUPTING = new Object();

  /** The slot in which the current thread runs a task, or has run the last one. */
  private static final ThreadLocal<@Nullable InterruptSlot> HERE = new ThreadLocal<>();

  /** No variable handle: the first one in a JVM takes longer to set up than a first task runs. */
  private static final AtomicReferenceFieldUpdater<InterruptSlot, @Nullable Object> OCCUPANT =
      AtomicReferenceFieldUpdater.newUpdater(InterruptSlot.class, Object.class, "occupant");

  private final Thread thread;
  private final boolean ownsThread;

  @SuppressWarnings("unused") // through OCCUPANT
  private volatile @Nullable Object occupant;

  private volatile boolean interrupted;

  /** Whether this is the slot that the thread finds in {@link #HERE}. */
  private boolean bound;

  private @Nullable InterruptSlot outer;

  InterruptSlot(Thread thread, boolean ownsThread) {
    this.thread = thread;
    this.ownsThread = ownsThread;
  }

  /** The slot of a worker thread: every interrupt is cleared between tasks, whoever sent it. */
  public static InterruptSlot ofWorker(Thread worker) {
    return new InterruptSlot(worker, true);
  }

  /** The slot of a borrowed thread: an interrupt that was not meant for the task is kept. */
  public static InterruptSlot ofCaller() {
    return new InterruptSlot(Thread.currentThread(), false);
  }

  /** Makes {@code task} the occupant. The slot must be empty. */
  public void enter(Object task) {
    bindHere();
    OCCUPANT.lazySet(this, task);
  }

  /** A worker's thread is bound once: a task must not pay for it. */
  final void bindHere() {
    if (!bound) {
      bound = true;
      outer = HERE.get();
      HERE.set(this);
    }
  }

  /** The occupant of the slot in which the current thread runs a task; null if it runs none. */
  public static @Nullable Object occupantHere() {
    InterruptSlot slot = HERE.get();
    return slot == null ? null : slot.occupant();
  }

  /** The occupant; for the slot's thread. */
  @Nullable Object occupant() {
    Object task = OCCUPANT.get(this);
    while (task == INTERRUPTING) {
      Thread.onSpinWait();
      task = OCCUPANT.get(this);
    }
    return task;
  }

  /** Empties the slot and clears the interrupt. */
  public void leave(Object task) {
    while (!OCCUPANT.compareAndSet(this, task, null)) {
      Thread.onSpinWait();
    }
    if (ownsThread || interrupted) {
      interrupted = false;
      Thread.interrupted();
    }
    if (!ownsThread) {
      giveThreadBack();
    }
  }

  /**
   * The body of the occupant has ended, and its outcome is about to be decided.
   *
   * @param paused what {@link RunSlot#pause} returned, if it ran on top of another task
   */
  void bodyEnded(@Nullable Object paused) {}

  /**
   * As {@link #leave(Object)}, after {@link #bodyEnded}.
   *
   * @param decided whether the task itself has decided its outcome; then nobody means to interrupt
   *     it any more, but for {@link #interruptOccupant}
   */
  void leave(Object task, @Nullable Object paused, boolean decided) {
    leave(task);
  }

  /** Interrupts the occupant, on its own thread. */
  void interruptOwn(Object task) {
    interrupt(task);
  }

  /** Where the thread counts the tasks that it has run; null if it has no place of its own. */
  Tally.@Nullable Stripe stripe() {
    return null;
  }

  final Thread thread() {
    return thread;
  }

  private void giveThreadBack() {
    bound = false;
    if (outer == null) {
      HERE.remove();
    } else {
      HERE.set(outer);
      outer = null;
    }
  }

  @Override
  public void interrupt(Object task) {
    if (task != INTERRUPTING && OCCUPANT.compareAndSet(this, task, INTERRUPTING)) {
      interrupted = true;
      thread.interrupt();
      OCCUPANT.lazySet(this, task);
    }
  }

  /** Interrupts whatever task the thread runs now. */
  public void interruptOccupant() {
    Object task = OCCUPANT.get(this);
    if (task != null) {
      interrupt(task);
    }
  }
}
