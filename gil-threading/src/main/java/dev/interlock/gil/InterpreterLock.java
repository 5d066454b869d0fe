// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.gil.Contender.Counter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The lock under which task code runs, after CPython's {@code ceval_gil.c}: a holder, a drop
 * request, a forced hand-off. Not reentrant.
 *
 * <pre>
 *            compare-and-set                       release, nobody asks: holder = null, wake the head
 *   acquire -----------------> holds the lock -----------------------------------------------------> free
 *      |  taken                  ^    |      \
 *      v                         |    |       +-- blocked, at two looks: the head takes it over
 *   queue, FIFO -> head --> asks +    |
 *                  its patience ends  +-- release or yield, the head asks: the head holds the lock;
 *                                         who yielded queues at the end
 * </pre>
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>{@code holder} changes by compare-and-set only, from the very {@link Hold} that was read to
 *       another. So of a release, a hand-over and a take-over that meet, exactly one happens, and
 *       who loses learns it.
 *   <li>Once {@code holder} is a {@link Waiter}, that thread has the lock, whatever becomes of the
 *       thread that put it there: it finds itself there, leaves the queue and withdraws its request
 *       by itself. It is woken, or looks by itself within {@link HolderWatch#LOOK_NS}. So no
 *       hand-off is lost.
 *   <li>Only an <i>exposed</i> hold is taken over. A thread exposes its hold itself, awake, when it
 *       has the lock for task code; so a thread that was handed the lock and is still parked, or is
 *       about to take a task from the pool, keeps it.
 *   <li>Who takes over raises the breaker, then looks whether the holder waits, then changes {@code
 *       holder}. A holder that has woken up after the look comes to a check before it runs code of
 *       the task, finds the breaker raised, and changes its hold for a fresh one: either that or
 *       the take-over happens. So two threads never run checked task code at once.
 *   <li>From then on the robbed thread is in the breaker as a stray. It is taken out once, by the
 *       thread itself, when it releases or acquires.
 * </ol>
 *
 * <p><b>Concurrency.</b> The head of a queue alone may take a free lock out of the queue, ask, and
 * take over; whoever leaves the queue wakes the next head. A thread that arrives while the lock is
 * free may take it past the queue: after a voluntary release this spares a wake-up per task and per
 * blocking call. It cannot starve the head: once the head asks, the next release or yield hands
 * over to it.
 *
 * <p><b>Memory order.</b> A release changes {@code holder} and then reads the queue; a waiter
 * queues and then reads {@code holder}: one of them sees the other. All that the old holder did
 * happens before what the new holder does; what a robbed one does until its next check does not.
 *
 * <p><b>Waiting</b> cannot be interrupted or time out. An interrupt is kept, and so is the thread's
 * {@link java.util.concurrent.locks.LockSupport} permit.
 *
 * <p><b>Errors.</b> A caller makes sure of the stack it needs before the first step, by {@link
 * StackReserve}, and all that a wait needs is allocated before it joins the queue. So no step is
 * cut off by an error.
 */
final class InterpreterLock {
  static final LockEvents EVENTS =
      ModuleLayer.boot().findModule("jdk.jfr").isPresent()
          ? new RecordedEvents()
          : new LockEvents() {};

  private static final VarHandle HOLDER;
  private static final VarHandle ATTENTION;
  private static final VarHandle ASKING;
  private static final VarHandle SPINNING_BACK;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      HOLDER = lookup.findVarHandle(InterpreterLock.class, "holder", Hold.class);
      ATTENTION = lookup.findVarHandle(InterpreterLock.class, "attention", int.class);
      ASKING = lookup.findVarHandle(InterpreterLock.class, "asking", int.class);
      SPINNING_BACK = lookup.findVarHandle(InterpreterLock.class, "spinningBack", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private final SwitchPolicy policy;
  private final TakeOverRule takeOverRule;
  private final BytecodeTicker ticker;
  private final WaitQueue queue;
  private final Steering steering = new Steering();
  private final Contenders contenders = new Contenders();

  private volatile @Nullable Hold holder;

  /** How many are queued, and one more while there is a controller: else a release is simple. */
  private volatile int attention;

  /** How many heads have asked and do not have the lock yet. */
  private volatile int asking;

  /** How many threads have handed over, and spin for the lock without being queued. */
  private volatile int spinningBack;

  private volatile long switchIntervalNs;

  // Written by a holder that has not exposed its hold yet.
  private @Nullable Thread lastThread;
  private volatile long ordinaryTurns;

  InterpreterLock(String name, LockSettings settings) {
    this.name = name;
    this.policy = settings.policy();
    this.takeOverRule = settings.takeOver();
    this.ticker = new BytecodeTicker(settings.checkInterval());
    this.switchIntervalNs = settings.switchIntervalNs();
    this.queue = new WaitQueue(policy.returningFirst());
  }

  // Acquire and release.

  /** Blocks until {@code me} holds the lock; it must not hold it already. */
  void acquire(Contender me, Waiter.Kind kind) {
    Hold before = me.hold();
    if (before != null) {
      if (holder == before) {
        throw new IllegalStateException(before.thread() + " holds the interpreter lock already");
      }
      settleTakeOver(me, before);
    }
    Hold hold = me.freshHold();
    if (replace(null, hold)) {
      got(me, hold, kind);
      return;
    }
    LockWait wait = new LockWait(this, policy, me, kind);
    wait.join();
    wait.await();
  }

  /**
   * Drops the lock: to the head of the queue if it asks, else it is free. Nothing happens if it has
   * been taken over.
   */
  void release(Contender me) {
    Hold mine = me.hold();
    if (mine == null) {
      throw new IllegalStateException(
          Thread.currentThread() + " does not hold the interpreter lock; holder: " + holder);
    }
    if (attention == 0 && replace(mine, null)) {
      me.holdsNothing();
      if (attention != 0 && spinningBack == 0) {
        queue.wakeNext();
      }
    } else if (steering.isControlled()) {
      releaseControlled(me, mine);
    } else {
      give(me, mine, nextIfAsked(), false, SwitchPoint.NO_SITE);
    }
  }

  private void releaseControlled(Contender me, Hold mine) {
    Waiter next = queue.next();
    try {
      Waiter named = steering.named(SwitchPoint.RELEASE, mine.thread(), queue);
      next = named == null ? next : named;
    } finally {
      give(me, mine, next, false, SwitchPoint.NO_SITE);
    }
  }

  /** To {@code next}, or to nobody; false if the lock had been taken over. */
  private boolean give(Contender me, Hold mine, @Nullable Waiter next, boolean forced, int site) {
    if (next != null) {
      next.handedOver(forced, site);
    }
    if (!replace(mine, next)) {
      settleTakeOver(me, mine);
      return false;
    }
    me.holdsNothing();
    if (next != null) {
      next.wake();
    } else if (spinningBack == 0) {
      queue.wakeNext();
    }
    return true;
  }

  /** The thread has learned that it has been robbed. */
  private static void settleTakeOver(Contender me, Hold taken) {
    me.holdsNothing();
    me.stops(taken.takenOverNs());
    EvalBreaker.returned();
  }

  // Yield.

  /**
   * If another thread should have the lock: hands it over, and waits for it anew. False if {@code
   * me} does not have the lock, then or before: it must acquire it to go on.
   */
  boolean yieldIfAsked(Contender me, int site) {
    Hold mine = confirmed(me);
    if (mine == null) {
      return false;
    }
    Waiter next = whoIsDue(mine.thread(), site);
    if (next != null) {
      switchTo(next, me, mine, site);
    }
    return true;
  }

  /** Whether {@code me} has the lock; if so, a take-over that has begun will fail. */
  boolean confirm(Contender me) {
    return confirmed(me) != null;
  }

  private @Nullable Hold confirmed(Contender me) {
    Hold mine = me.hold();
    if (mine == null || holder != mine) {
      return null;
    }
    if (!mine.isSuspected()) {
      return mine;
    }
    Hold fresh = mine.renewed();
    if (!replace(mine, fresh)) {
      return null;
    }
    me.holds(fresh);
    return fresh;
  }

  private @Nullable Waiter whoIsDue(Thread me, int site) {
    return steering.isControlled()
        ? steering.named(SwitchPoint.at(site), me, queue)
        : nextIfAsked();
  }

  private @Nullable Waiter nextIfAsked() {
    return asking == 0 ? null : queue.next();
  }

  /** The holder runs so many bytecodes; every so many, the longest waiter has its turn. */
  void count(Contender me, int bytecodes) {
    Hold mine = me.hold();
    if (policy != SwitchPolicy.CHECK_INTERVAL || mine == null || holder != mine) {
      return;
    }
    Waiter next = ticker.isDue(bytecodes) && !steering.isControlled() ? queue.next() : null;
    if (next != null) {
      switchTo(next, me, mine, SwitchPoint.NO_SITE);
    }
  }

  private void switchTo(Waiter next, Contender me, Hold mine, int site) {
    StackReserve.toSwitch();
    SwitchObserver observer = steering.observer();
    if (observer != null) {
      observer.beforeSwitch(site);
    }
    LockWait wait = new LockWait(this, policy, me, Waiter.Kind.ORDINARY);
    if (policy.isShortTurn(next.kind()) && LockWait.SPINS) {
      lend(next, me, mine, site, wait);
    } else {
      queueBehind(next, me, mine, site, wait);
    }
    me.runs(System.nanoTime());
    if (observer != null) {
      observer.afterSwitch(site);
    }
  }

  private void queueBehind(Waiter next, Contender me, Hold mine, int site, LockWait wait) {
    wait.join();
    drop(next, me, mine, site, wait);
    wait.await();
  }

  /** The turn of the other will be short: spins for its end, and queues only if it is not. */
  private void lend(Waiter next, Contender me, Hold mine, int site, LockWait wait) {
    SPINNING_BACK.getAndAdd(this, 1);
    drop(next, me, mine, site, wait);
    boolean back = wait.spinBack();
    SPINNING_BACK.getAndAdd(this, -1);
    if (!back) {
      wait.join();
      if (holder == null) { // the release may have relied on this thread
        queue.wakeNext();
      }
      wait.await();
    }
  }

  private void drop(Waiter next, Contender me, Hold mine, int site, LockWait wait) {
    if (give(me, mine, next, true, site)) {
      me.count(Counter.FORCED_DROPS);
      me.stops(wait.fromNs());
    }
  }

  @Nullable Hold holder() {
    return holder;
  }

  boolean replace(@Nullable Hold expected, @Nullable Hold next) {
    return HOLDER.compareAndSet(this, expected, next);
  }

  WaitQueue queue() {
    return queue;
  }

  /** From here on a release wakes it. */
  void enqueue(Waiter waiter) {
    queue.add(waiter);
    ATTENTION.getAndAdd(this, 1);
  }

  /** It has the lock. */
  void dequeue(Waiter waiter) {
    queue.remove(waiter);
    ATTENTION.getAndAdd(this, -1);
  }

  void askers(int more) {
    ASKING.getAndAdd(this, more);
  }

  boolean mayTakeOverFrom(Thread stuck) {
    return takeOverRule.allows(stuck);
  }

  /** How often a thread that did not come back from a blocking call has had the lock. */
  long ordinaryTurns() {
    return ordinaryTurns;
  }

  /** The current thread has the lock, and has not exposed its hold yet. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // by the holder alone
  void got(Contender me, Hold hold, Waiter.Kind kind) {
    me.holds(hold);
    if (kind == Waiter.Kind.ORDINARY && policy.returningFirst()) {
      ordinaryTurns++;
    }
    Thread before = lastThread;
    if (before != hold.thread()) {
      lastThread = hold.thread();
      me.count(Counter.HAND_OFFS);
      if (before != null) {
        boolean forced = hold instanceof Waiter waiter && waiter.isForced();
        int site = hold instanceof Waiter waiter ? waiter.site() : SwitchPoint.NO_SITE;
        EVENTS.handedOver(name, before, forced, site);
      }
    }
  }

  // Queries and settings.

  String name() {
    return name;
  }

  /** Whether the current thread has the lock. */
  boolean isHeldByCurrentThread() {
    Hold current = holder;
    return current != null && current.thread() == Thread.currentThread();
  }

  /** Whether {@code me}, which is the current thread's, has the lock. */
  boolean isHeldBy(Contender me) {
    return holder != null && holder == me.hold();
  }

  Contenders contenders() {
    return contenders;
  }

  long switchIntervalNs() {
    return switchIntervalNs;
  }

  /** Counts for whoever waits already, too. */
  void setSwitchIntervalNs(long ns) {
    switchIntervalNs = ns;
    queue.wakeHeads();
  }

  Steering steering() {
    return steering;
  }

  /** Lets {@code controller} decide who runs, or time again if it is null. */
  void control(@Nullable SwitchController controller) {
    ATTENTION.getAndAdd(this, steering.control(controller));
    queue.wakeHeads();
  }
}
