// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A FIFO for many producers and many consumers, unbounded: a list of segments, in each of which
 * producers and consumers claim slots by adding to an index. After the FAAArrayQueue of P.
 * Ramalhete and A. Correia; a consumer can claim several slots at once. (JCTools has an unbounded
 * queue for many consumers only on {@code Unsafe}, which newer JDKs warn about.)
 *
 * <pre>
 *   head                                            tail
 *    v                                               v
 *   [ taken taken | e e e e e ] -> [ e e e e ] -> [ e e . . ]
 *                 ^ taken so far                        ^ given so far
 * </pre>
 *
 * <p>A slot goes from null to an element to TAKEN, or, if its consumer comes before its producer,
 * from null to TAKEN at once; then the producer claims another slot. So nobody waits for anybody.
 *
 * <p><b>Memory order.</b> Indexes and slots are changed by volatile read-modify-writes only. A
 * producer claims before it fills, so once {@link #offer} has returned, the element is taken or
 * {@link #isEmpty} is false.
 *
 * @param <E> the type of the elements
 */
final class SubmissionQueue<E> {
  private static final int FIRST_CAPACITY = 32;
  private static final int MOST_CAPACITY = 1_024;
  private static final Object TAKEN = new Object();

  private static final VarHandle HEAD;
  private static final VarHandle TAIL;
  private static final VarHandle NEXT;
  private static final VarHandle INDEXES = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(Object[].class);

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      HEAD = lookup.findVarHandle(SubmissionQueue.class, "head", Segment.class);
      TAIL = lookup.findVarHandle(SubmissionQueue.class, "tail", Segment.class);
      NEXT = lookup.findVarHandle(Segment.class, "next", Segment.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final class Segment {
    /**
     * Where the indexes are: a cache line from each other, and from what lies before and behind.
     */
    private static final int GIVEN = 16;

    private static final int TOOK = 32;

    final long[] indexes = new long[48];
    final @Nullable Object[] slots;
    volatile @Nullable Segment next;

    Segment(int capacity) {
      slots = new @Nullable Object[capacity];
    }

    /** How many slots consumers may claim; claims of producers beyond the end do not count. */
    long available() {
      long took = (long) INDEXES.getVolatile(indexes, TOOK);
      long given = (long) INDEXES.getVolatile(indexes, GIVEN);
      return Math.min(given, slots.length) - took;
    }
  }

  private volatile Segment head;
  private volatile Segment tail;

  SubmissionQueue() {
    Segment first = new Segment(FIRST_CAPACITY);
    head = first;
    tail = first;
  }

  /** Adds an element at the end. */
  void offer(E element) {
    while (true) {
      Segment last = tail;
      long claimed = (long) INDEXES.getAndAdd(last.indexes, Segment.GIVEN, 1L);
      if (claimed < last.slots.length) {
        if (SLOTS.compareAndSet(last.slots, (int) claimed, null, element)) {
          return;
        }
      } else if (append(last, element)) {
        return;
      }
    }
  }

  /** Puts the element into a new segment behind a full one; false if there is one already. */
  private boolean append(Segment last, E element) {
    Segment next = last.next;
    boolean mine = false;
    if (next == null) {
      Segment fresh = new Segment(Math.min(last.slots.length * 2, MOST_CAPACITY));
      fresh.slots[0] = element;
      fresh.indexes[Segment.GIVEN] = 1;
      mine = NEXT.compareAndSet(last, null, fresh);
      next = mine ? fresh : last.next;
    }
    TAIL.compareAndSet(this, last, next);
    return mine;
  }

  /** Takes the oldest element, or null if there is none. */
  @SuppressWarnings("unchecked")
  @Nullable E poll() {
    @Nullable Object[] one = new @Nullable Object[1];
    return poll(one, 1) == 0 ? null : (E) one[0];
  }

  /**
   * Takes the oldest elements, in order, and returns how many: a fair share of what is there, at
   * most {@code into.length}.
   *
   * @param share how many consumers there are to share between
   */
  int poll(@Nullable Object[] into, int share) {
    while (true) {
      Segment first = head;
      long available = first.available();
      if (available <= 0) {
        Segment next = first.next;
        if (next == null) {
          return 0;
        }
        if (first.available() <= 0) { // no producer can have come since: there is a next segment
          HEAD.compareAndSet(this, first, next);
        }
        continue;
      }
      long wanted = Math.min(into.length, (available + share - 1) / share);
      long from = (long) INDEXES.getAndAdd(first.indexes, Segment.TOOK, wanted);
      long to = Math.min(from + wanted, first.slots.length);
      int taken = 0;
      for (long i = from; i < to; i++) {
        Object element = SLOTS.getAndSet(first.slots, (int) i, TAKEN);
        if (element != null) {
          into[taken++] = element;
        }
      }
      if (taken > 0) {
        return taken;
      }
    }
  }

  /** Whether there was nothing to take. Volatile. */
  boolean isEmpty() {
    for (Segment s = head; s != null; s = s.next) {
      if (s.available() > 0) {
        return false;
      }
    }
    return true;
  }
}
