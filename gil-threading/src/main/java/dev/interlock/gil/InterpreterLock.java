// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The lock under which task code runs, after CPython's {@code ceval_gil.c}: a holder, a drop
 * request, a forced hand-off. Not reentrant.
 *
 * <pre>
 *            compare-and-set                       release, nobody asks: holder = null, wake the head
 *   acquire -----------------> holds the lock -----------------------------------------------------> free
 *      |  taken                  ^        |
 *      v                         |        | release or yieldIfAsked, the head asks
 *   queue, FIFO -> head --> asks +        +-> the head holds the lock; who yielded queues at the end
 *                    one switch interval at the head
 * </pre>
 *
 * <p><b>Concurrency.</b> The queue is added to by anybody and removed from by the holder only. The
 * head alone may take the lock out of the queue, set the drop request, and is woken by a release;
 * whoever leaves the queue wakes the next head. A thread that arrives while the lock is free may
 * take it past the queue: after a voluntary release this spares a wake-up per task and per blocking
 * call. It cannot starve the head: once the head asks, the next release or yield hands over to it.
 *
 * <p><b>Memory order.</b> {@code holder} and {@code dropRequest} are volatile. A release writes
 * {@code holder} and then reads the queue; a waiter queues and then reads {@code holder}: one of
 * them sees the other. All that the old holder did happens before what the new holder does. The
 * counters are written by the holder alone, opaque, and may be read by anybody.
 *
 * <p><b>Waiting</b> cannot be interrupted or time out. An interrupt is kept, and so is the thread's
 * {@link java.util.concurrent.locks.LockSupport} permit.
 */
final class InterpreterLock {
  /** How long a waiter that expects the lock any moment spins before it parks. */
  private static final long SPIN_NS = Runtime.getRuntime().availableProcessors() > 1 ? 20_000 : 0;

  private static final VarHandle HOLDER;
  private static final VarHandle HAND_OFFS;
  private static final VarHandle FORCED_DROPS;
  private static final VarHandle WAITS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      HOLDER = lookup.findVarHandle(InterpreterLock.class, "holder", Thread.class);
      HAND_OFFS = lookup.findVarHandle(InterpreterLock.class, "handOffs", long.class);
      FORCED_DROPS = lookup.findVarHandle(InterpreterLock.class, "forcedDrops", long.class);
      WAITS = lookup.findVarHandle(InterpreterLock.class, "waits", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Thread holder;
  private volatile @Nullable Waiter dropRequest;
  private volatile long switchIntervalNs;

  // Written by the holder only.
  private @Nullable Thread lastHolder;
  private long handOffs;
  private long forcedDrops;
  private long waits;

  InterpreterLock(long switchIntervalNs) {
    this.switchIntervalNs = switchIntervalNs;
  }

  /** Blocks until the current thread holds the lock; it must not hold it already. */
  void acquire() {
    Thread me = Thread.currentThread();
    if (HOLDER.compareAndSet(this, (Thread) null, me)) {
      countHandOff(me);
      return;
    }
    if (holder == me) {
      throw new IllegalStateException(me + " holds the interpreter lock already");
    }
    Waiter waiter = new Waiter(me);
    waiters.add(waiter);
    await(waiter);
  }

  /** Drops the lock: to the head of the queue if it asks, else it is free. */
  void release() {
    requireHeld();
    Waiter asking = dropRequest;
    if (asking != null) {
      handOver(asking);
      return;
    }
    holder = null;
    wakeHead();
  }

  /**
   * If the current thread holds the lock and the longest waiter asks for it: hands it over, and
   * waits for it anew.
   */
  void yieldIfAsked() {
    Waiter asking = dropRequest;
    if (asking == null || !isHeldByCurrentThread()) {
      return;
    }
    add(FORCED_DROPS, forcedDrops);
    Waiter mine = new Waiter(Thread.currentThread());
    waiters.add(mine);
    handOver(asking);
    await(mine);
  }

  boolean isHeldByCurrentThread() {
    return holder == Thread.currentThread();
  }

  long switchIntervalNs() {
    return switchIntervalNs;
  }

  /** Counts for whoever waits already, too. */
  void setSwitchIntervalNs(long ns) {
    switchIntervalNs = ns;
    wakeHead();
  }

  GilStatistics statistics() {
    return new GilStatistics(
        (long) HAND_OFFS.getOpaque(this),
        (long) FORCED_DROPS.getOpaque(this),
        (long) WAITS.getOpaque(this));
  }

  private void requireHeld() {
    Thread current = holder;
    if (current != Thread.currentThread()) {
      throw new IllegalStateException(
          Thread.currentThread() + " does not hold the interpreter lock; holder: " + current);
    }
  }

  /** Waits, queued, until the lock is held. */
  private void await(Waiter me) {
    boolean head = false;
    long headSinceNs = 0;
    long spinUntilNs = System.nanoTime();
    while (me.state() != Waiter.State.HOLDING) {
      long nowNs = System.nanoTime();
      long parkNs = Long.MAX_VALUE;
      if (head || waiters.peek() == me) {
        if (!head) {
          head = true;
          headSinceNs = nowNs;
        }
        if (takeIfFree(me)) {
          break;
        }
        if (me.state() == Waiter.State.QUEUED) {
          parkNs = switchIntervalNs - (nowNs - headSinceNs);
          if (parkNs <= 0) {
            ask(me);
            spinUntilNs = nowNs + SPIN_NS;
            continue;
          }
        }
        if (parkNs <= SPIN_NS || nowNs - spinUntilNs < 0) {
          Thread.onSpinWait();
          continue;
        }
      }
      if (!me.isAnnounced()) {
        me.announcePark();
        continue;
      }
      me.park(this, parkNs);
      if (head) {
        spinUntilNs = System.nanoTime() + SPIN_NS;
      }
    }
    add(WAITS, waits);
    countHandOff(me.thread());
    wakeHead();
    me.restore();
  }

  /** The head of the queue takes the lock if it is free. */
  private boolean takeIfFree(Waiter head) {
    if (holder != null || !HOLDER.compareAndSet(this, (Thread) null, head.thread())) {
      return false;
    }
    Waiter.State before = leaveQueue(head);
    head.move(before, Waiter.State.HOLDING);
    return true;
  }

  /** The head of the queue asks the holder to drop the lock. */
  private void ask(Waiter head) {
    head.move(Waiter.State.QUEUED, Waiter.State.ASKING);
    EvalBreaker.requested();
    dropRequest = head;
  }

  /** The holder gives the lock to the head of the queue, which has asked for it. */
  private void handOver(Waiter head) {
    leaveQueue(head);
    holder = head.thread();
    head.move(Waiter.State.ASKING, Waiter.State.HOLDING); // from here on it runs
    head.wake();
  }

  /** The request goes before the head does: the next head may ask as soon as it is the head. */
  private Waiter.State leaveQueue(Waiter head) {
    Waiter.State before = head.state();
    if (before == Waiter.State.ASKING) {
      dropRequest = null;
      EvalBreaker.satisfied();
    }
    Waiter first = waiters.poll();
    if (first != head) {
      throw new IllegalStateException("the head of the queue is " + first + ", not " + head);
    }
    return before;
  }

  private void wakeHead() {
    Waiter head = waiters.peek();
    if (head != null) {
      head.wake();
    }
  }

  private void countHandOff(Thread me) {
    if (lastHolder != me) {
      lastHolder = me;
      add(HAND_OFFS, handOffs);
    }
  }

  private void add(VarHandle counter, long before) {
    counter.setOpaque(this, before + 1);
  }
}
