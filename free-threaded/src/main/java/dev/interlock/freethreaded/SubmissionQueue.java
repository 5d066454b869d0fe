// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A FIFO for many producers and many consumers, unbounded: a list of segments, in each of which
 * producers and consumers claim slots by adding to an index. After the FAAArrayQueue of P.
 * Ramalhete and A. Correia; a consumer can claim several slots at once, and the queue can be
 * closed. (JCTools has an unbounded queue for many consumers only on {@code Unsafe}, which newer
 * JDKs warn about.)
 *
 * <pre>
 *   head                                            tail
 *    v                                               v
 *   [ taken taken | e e e e e ] -> [ e e e e ] -> [ e e . . ]
 *                 ^ taken so far                        ^ given so far
 * </pre>
 *
 * <p>A slot goes from null to an element and back, or, if its consumer comes before its producer,
 * from null to TAKEN; then the producer claims another slot. So nobody waits for anybody.
 *
 * <p><b>Memory order.</b> Indexes are changed by volatile read-modify-writes only, slots filled and
 * given up by compare-and-set. A producer claims before it fills, so once {@link #offer} has
 * returned, the element is taken or {@link #isEmpty} is false. A claimed slot has one consumer: it
 * reads the element, acquire, and clears the slot, plain.
 *
 * @param <E> the type of the elements
 */
final class SubmissionQueue<E> {
  private static final int FIRST_CAPACITY = 32;
  private static final int MOST_CAPACITY = 1_024;
  private static final Object TAKEN = new Object();

  /** The bit of the producers' index that says that no element is let in any more. */
  private static final long CLOSED = 1L << 62;

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
    /** Where the indexes are: two cache lines from each other, and from what lies around. */
    private static final int GIVEN = 16;

    private static final int TOOK = 32;

    final long[] indexes = new long[48];
    final @Nullable Object[] slots;

    /** How many slots all the segments before it have. */
    final long before;

    /** How many slots producers may fill; less than there are once the queue is closed. */
    volatile int limit;

    volatile @Nullable Segment next;

    Segment(int capacity, long before) {
      this.slots = new @Nullable Object[capacity];
      this.limit = capacity;
      this.before = before;
    }

    /** How many slots producers have claimed; claims beyond the end do not count. */
    long given() {
      return Math.min((long) INDEXES.getVolatile(indexes, GIVEN) & ~CLOSED, limit);
    }

    /** How many slots consumers may claim. */
    long available() {
      long took = (long) INDEXES.getVolatile(indexes, TOOK);
      return given() - took;
    }
  }

  private volatile Segment head;
  private volatile Segment tail;

  /** Slots that were claimed for nothing, because the consumer came first. */
  private final AtomicLong missed = new AtomicLong();

  SubmissionQueue() {
    Segment first = new Segment(FIRST_CAPACITY, 0);
    head = first;
    tail = first;
  }

  /** Adds an element at the end; false if the queue is closed. */
  boolean offer(E element) {
    while (true) {
      Segment last = tail;
      long claimed = (long) INDEXES.getAndAdd(last.indexes, Segment.GIVEN, 1L);
      if (claimed < last.slots.length) {
        if (SLOTS.compareAndSet(last.slots, (int) claimed, null, element)) {
          return true;
        }
        missed.incrementAndGet();
      } else if ((claimed & CLOSED) != 0) {
        return false;
      } else if (append(last, element)) {
        return true;
      }
    }
  }

  /** Puts the element into a new segment behind a full one; false if there is one already. */
  private boolean append(Segment last, E element) {
    Segment next = last.next;
    boolean mine = false;
    if (next == null) {
      int capacity = Math.max(FIRST_CAPACITY, Math.min(last.slots.length * 2, MOST_CAPACITY));
      Segment fresh = new Segment(capacity, last.before + last.slots.length);
      fresh.slots[0] = element;
      fresh.indexes[Segment.GIVEN] = 1;
      mine = NEXT.compareAndSet(last, null, fresh);
      next = mine ? fresh : last.next;
    }
    TAIL.compareAndSet(this, last, next);
    return mine;
  }

  /**
   * Lets no element in any more. A producer that has claimed a slot before fills it; one that comes
   * later finds the bit in what it claims, or the end behind a full segment.
   */
  void close() {
    Segment last = tail;
    while (true) {
      for (Segment next = last.next; next != null; next = last.next) {
        last = next;
      }
      long given = (long) INDEXES.getAndBitwiseOr(last.indexes, Segment.GIVEN, CLOSED);
      if ((given & CLOSED) != 0) {
        return;
      }
      last.limit = (int) Math.min(given, last.slots.length);
      Segment end = new Segment(0, last.before + last.limit);
      end.indexes[Segment.GIVEN] = CLOSED;
      if (NEXT.compareAndSet(last, null, end)) {
        return;
      }
    }
  }

  /** How many elements were ever added; exact when no producer is at work. */
  long offered() {
    Segment last = tail;
    for (Segment next = last.next; next != null; next = last.next) {
      last = next;
    }
    return last.before + last.given() - missed.get();
  }

  /** Takes the oldest element, or null if there is none. */
  @SuppressWarnings("unchecked")
  @Nullable E poll() {
    for (Segment first = firstWithElements(); first != null; first = firstWithElements()) {
      long place = (long) INDEXES.getAndAdd(first.indexes, Segment.TOOK, 1L);
      if (place < first.slots.length) {
        Object element = take(first.slots, (int) place);
        if (element != null) {
          return (E) element;
        }
      }
    }
    return null;
  }

  /**
   * Claims the oldest elements for {@code range}, which must be empty and belong to the caller: a
   * fair share of what is there. Returns how many; 0 if there was nothing.
   *
   * @param most how many at most
   * @param share how many consumers there are to share between
   */
  int claim(ClaimedRange<E> range, int most, int share) {
    for (Segment first = firstWithElements(); first != null; first = firstWithElements()) {
      long wanted = Math.min(most, (first.available() + share - 1) / share);
      if (wanted > 0) {
        long from = (long) INDEXES.getAndAdd(first.indexes, Segment.TOOK, wanted);
        long to = Math.min(from + wanted, first.slots.length);
        if (from < to) {
          range.set(first.slots, (int) from, (int) to);
          return (int) (to - from);
        }
      }
    }
    return 0;
  }

  /** The first segment that seems to have elements; null if none has. */
  private @Nullable Segment firstWithElements() {
    while (true) {
      Segment first = head;
      if (first.available() > 0) {
        return first;
      }
      Segment next = first.next;
      if (next == null) {
        return null;
      }
      if (first.available() <= 0) { // no producer can have come since: there is a next segment
        HEAD.compareAndSet(this, first, next);
      }
    }
  }

  /**
   * Takes the element out of a slot that the caller alone has claimed; null if its producer has not
   * filled it yet, and never will.
   */
  static @Nullable Object take(@Nullable Object[] slots, int place) {
    Object element = SLOTS.getAcquire(slots, place);
    if (element == null) {
      if (SLOTS.compareAndSet(slots, place, null, TAKEN)) {
        return null;
      }
      element = SLOTS.getAcquire(slots, place);
    }
    SLOTS.set(slots, place, null); // its producer has been here: nobody looks any more
    return element;
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
