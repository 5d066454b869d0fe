// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for an {@link InterpreterLock}, longest first, in one or two lanes.
 *
 * <p>Anybody adds itself. A waiter removes itself, and only once it has the lock. So whoever holds
 * the lock may read a waiter from the queue and hand the lock over to it: it is still there, or the
 * lock has been taken away from the reader in between, and then handing over fails.
 */
final class WaitQueue {
  private final Queue<Waiter> ordinary = new ConcurrentLinkedQueue<>();

  /** The same as {@link #ordinary} unless threads that come back from a blocking call go first. */
  private final Queue<Waiter> returning;

  WaitQueue(boolean returningFirst) {
    returning = returningFirst ? new ConcurrentLinkedQueue<>() : ordinary;
  }

  private Queue<Waiter> lane(Waiter.Kind kind) {
    return kind == Waiter.Kind.RETURNING ? returning : ordinary;
  }

  void add(Waiter waiter) {
    lane(waiter.kind()).add(waiter);
  }

  void remove(Waiter waiter) {
    if (!lane(waiter.kind()).remove(waiter)) {
      throw new IllegalStateException(waiter + " is not in the queue");
    }
  }

  /** Whether it is the first of its lane: such a one may ask for the lock, and take a free one. */
  boolean isHead(Waiter waiter) {
    return lane(waiter.kind()).peek() == waiter;
  }

  /**
   * Who should have the lock next; null if nobody waits. An ordinary one that asks has waited for a
   * whole switch interval, and goes before those that come back from a blocking call.
   */
  @Nullable Waiter next() {
    Waiter first = ordinary.peek();
    if (returning == ordinary || (first != null && first.isAsking())) {
      return first;
    }
    Waiter back = returning.peek();
    return back != null ? back : first;
  }

  /** Makes the next one look at the lock. */
  void wakeNext() {
    Waiter next = next();
    if (next != null) {
      next.wake();
    }
  }

  /** Makes the first of the lane look: it may be so only since just now. */
  void wakeHead(Waiter.Kind kind) {
    Waiter head = lane(kind).peek();
    if (head != null) {
      head.wake();
    }
  }

  /** Makes the first of each lane look. */
  void wakeHeads() {
    wakeHead(Waiter.Kind.ORDINARY);
    if (returning != ordinary) {
      wakeHead(Waiter.Kind.RETURNING);
    }
  }

  boolean isEmpty() {
    return ordinary.isEmpty() && (returning == ordinary || returning.isEmpty());
  }

  /** All that wait, in the order in which they came; returning ones first if they go first. */
  List<Waiter> all() {
    List<Waiter> all = new ArrayList<>();
    if (returning != ordinary) {
      all.addAll(returning);
    }
    all.addAll(ordinary);
    return all;
  }
}
