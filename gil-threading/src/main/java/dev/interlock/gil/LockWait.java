// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.gil.Contender.Counter;
import org.jspecify.annotations.Nullable;

/**
 * One wait of one thread for an {@link InterpreterLock}, from joining the queue to leaving it with
 * the lock. Confined to the thread.
 *
 * <pre>
 *   behind others: parks -> head: parks, looks every millisecond -> asks -> spins 20 us, parks, looks
 *                             |  lock free: takes it                        |
 *                             |  holder waits, at two looks: takes it over  |  is handed it
 *                             +---------------------------------------------+--> leaves the queue
 * </pre>
 */
final class LockWait {
  static final boolean SPINS = Runtime.getRuntime().availableProcessors() > 1;

  /** How long a waiter that expects the lock any moment spins before it parks. */
  private static final long SPIN_NS = SPINS ? 20_000 : 0;

  private final InterpreterLock lock;
  private final SwitchPolicy policy;
  private final Contender me;
  private final Waiter own;
  private final long fromNs = System.nanoTime();
  private final HolderWatch watch = new HolderWatch();
  private final @Nullable Object event = InterpreterLock.EVENTS.waitBegins();

  private boolean head;
  private long headSinceNs;
  private long turnsBefore;
  private long spinUntilNs = fromNs;

  /** Allocates all that the wait needs: from then on nothing but the stack can run out. */
  LockWait(InterpreterLock lock, SwitchPolicy policy, Contender me, Waiter.Kind kind) {
    this.lock = lock;
    this.policy = policy;
    this.me = me;
    this.own = new Waiter(Thread.currentThread(), kind);
  }

  long fromNs() {
    return fromNs;
  }

  void join() {
    lock.enqueue(own);
  }

  /**
   * Whoever has dropped the lock for a short turn of another waits for its end unqueued. False if
   * that took too long.
   */
  boolean spinBack() {
    do {
      if (lock.holder() == null && lock.replace(null, own)) {
        own.move(Waiter.State.QUEUED, Waiter.State.HOLDING);
        me.waited(fromNs, System.nanoTime());
        lock.got(me, own, own.kind());
        return true;
      }
      Thread.onSpinWait();
    } while (System.nanoTime() - fromNs < SwitchPolicy.SLICE_NS);
    return false;
  }

  /** Waits until the lock is held; {@link #join} was before. */
  Waiter await() {
    while (lock.holder() != own) {
      long nowNs = System.nanoTime();
      long parkNs = Long.MAX_VALUE;
      if (isHead(nowNs)) {
        if (lock.holder() == null && lock.replace(null, own)) {
          break;
        }
        Hold stuck = watch.stuck(lock.holder(), nowNs);
        if (stuck != null && takeOver(stuck, nowNs)) {
          break;
        }
        parkNs = watch.nextLookInNs(nowNs);
        long askInNs = askInNs(nowNs);
        if (askInNs <= 0) {
          ask(nowNs);
          continue;
        }
        parkNs = Math.min(parkNs, askInNs);
        if (nowNs - spinUntilNs < 0 || (SPINS && askInNs <= spinBeforeAskNs())) {
          Thread.onSpinWait();
          continue;
        }
      }
      if (!own.isAnnounced()) {
        own.announcePark();
        continue;
      }
      own.park(lock, parkNs);
      if (head) {
        spinUntilNs = System.nanoTime() + SPIN_NS;
      }
    }
    leave();
    return own;
  }

  private boolean isHead(long nowNs) {
    if (!head && lock.queue().isHead(own)) {
      head = true;
      headSinceNs = nowNs;
      turnsBefore = lock.ordinaryTurns();
      watch.begin(nowNs);
    }
    return head;
  }

  /** How long until it should ask; for ever if it has, or time plays no role. */
  private long askInNs(long nowNs) {
    if (own.isAsking() || !policy.asksByTime() || lock.steering().isControlled()) {
      return Long.MAX_VALUE;
    }
    long patienceNs = policy.patienceNs(own.kind(), lock.switchIntervalNs());
    Hold current = lock.holder();
    if (policy.isShortTurn(own.kind()) && current != null && current.isExposed()) {
      return Math.max(patienceNs, current.keptNs()) - current.exposedForNs(nowNs);
    }
    return patienceNs - (nowNs - headSinceNs);
  }

  /** The last bit before asking is spun: a timed park would oversleep it. */
  private long spinBeforeAskNs() {
    return policy.isShortTurn(own.kind()) ? SwitchPolicy.SLICE_NS : SPIN_NS;
  }

  private void ask(long nowNs) {
    own.move(Waiter.State.QUEUED, Waiter.State.ASKING);
    me.count(Counter.DROP_REQUESTS);
    EvalBreaker.requested();
    lock.askers(1);
    watch.asked(nowNs);
    spinUntilNs = nowNs + SPIN_NS;
  }

  /** Takes the lock from a holder that is blocked, unless it wakes up meanwhile. */
  private boolean takeOver(Hold stuck, long nowNs) {
    boolean waits = TakeOverRule.waits(stuck.thread());
    if (waits && !lock.mayTakeOverFrom(stuck.thread())) {
      return false;
    }
    stuck.suspect(nowNs);
    EvalBreaker.strayed();
    // In this order; see Hold.
    if (watch.isStillStuck(stuck, waits) && stuck.isExposed() && lock.replace(stuck, own)) {
      me.count(Counter.TAKE_OVERS);
      InterpreterLock.EVENTS.tookOver(lock.name(), stuck.thread());
      return true;
    }
    EvalBreaker.returned();
    return false;
  }

  /** The request goes before the head does: the next head may ask as soon as it is the head. */
  private void leave() {
    long nowNs = System.nanoTime();
    boolean asked = own.isAsking();
    if (asked) {
      lock.askers(-1);
      EvalBreaker.satisfied();
      if (wasPassedOver()) {
        own.keep(lock.switchIntervalNs());
      }
    }
    lock.dequeue(own);
    own.move(own.state(), Waiter.State.HOLDING);
    lock.queue().wakeHead(own.kind());
    me.waited(fromNs, nowNs);
    lock.got(me, own, own.kind());
    own.restore();
    if (event != null) {
      InterpreterLock.EVENTS.waitEnds(event, lock.name(), asked);
    }
  }

  /** For a whole switch interval only those ran that come back from blocking calls. */
  private boolean wasPassedOver() {
    return policy.returningFirst()
        && own.kind() == Waiter.Kind.ORDINARY
        && lock.ordinaryTurns() == turnsBefore;
  }
}
