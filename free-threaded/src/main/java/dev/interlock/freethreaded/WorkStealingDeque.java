// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A worker's own tasks: the owner pushes and pops at the bottom, thieves steal at the top.
 * Unbounded. After D. Chase and Y. Lev, "Dynamic circular work-stealing deque" (SPAA 2005), with
 * the orderings of Lê, Pop, Cohen and Zappa Nardelli, "Correct and efficient work-stealing for weak
 * memory models" (PPoPP 2013).
 *
 * <pre>
 *        top                       bottom
 *   steal -> [ oldest ... newest ] <- push, pop
 * </pre>
 *
 * <p><b>Memory order.</b> {@code top} only grows, by compare-and-set; who moves it has the element.
 * {@code bottom} is written by the owner alone, volatile: {@link #push} publishes the element with
 * it, and {@link #pop} writes it before it reads {@code top}, while a thief reads {@code top}
 * before {@code bottom}, so that the two cannot both miss that they are after the last element. An
 * element is read before its compare-and-set; if the place has been used again by then, the top has
 * moved and the compare-and-set fails.
 *
 * <p>Being the owner may pass from thread to thread, with a happens-before between them.
 *
 * @param <E> the type of the elements
 */
final class WorkStealingDeque<E> {
  private static final int FIRST_CAPACITY = 32;
  private static final VarHandle INDEXES = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(Object[].class);

  /** Where the indexes are: two cache lines from each other, and from what lies around. */
  private static final int TOP = 16;

  private static final int BOTTOM = 32;

  /** How often an element was pushed; on the owner's cache line. */
  private static final int PUSHES = BOTTOM + 1;

  /**
   * The array is renewed after so many: writing a young reference into an old array costs a fence
   * under the G1 collector.
   */
  private static final long PUSHES_OF_AN_ARRAY = 1 << 12;

  private final long[] indexes = new long[48];

  /**
   * The top when the array was made: there is at least as much room as it says, and no place of the
   * array is used twice, so a thief cannot take an element for one that was pushed again. Owner
   * only.
   */
  private long seenTop;

  private volatile @Nullable Object[] slots = new @Nullable Object[FIRST_CAPACITY];

  /** Owner only. */
  void push(E element) {
    long bottom = (long) INDEXES.get(indexes, BOTTOM);
    long pushes = (long) INDEXES.get(indexes, PUSHES) + 1;
    INDEXES.setOpaque(indexes, PUSHES, pushes);
    @Nullable Object[] s = slots;
    if (bottom - seenTop >= s.length || (pushes & (PUSHES_OF_AN_ARRAY - 1)) == 0) {
      s = renewed(s, bottom);
    }
    s[(int) bottom & (s.length - 1)] = element;
    INDEXES.setVolatile(indexes, BOTTOM, bottom + 1);
  }

  /** The elements in a new array, of twice as many places, so that a burst does not last. */
  private @Nullable Object[] renewed(@Nullable Object[] from, long bottom) {
    long top = (long) INDEXES.getAcquire(indexes, TOP);
    seenTop = top;
    int places = Integer.highestOneBit(Math.max(4 * (int) (bottom - top) - 1, FIRST_CAPACITY));
    @Nullable Object[] to = new @Nullable Object[places];
    for (long i = top; i < bottom; i++) {
      to[(int) i & (to.length - 1)] = from[(int) i & (from.length - 1)];
    }
    slots = to;
    return to;
  }

  /** How many elements were ever pushed. Any thread; exact when the owner is not at work. */
  long pushed() {
    return (long) INDEXES.getOpaque(indexes, PUSHES);
  }

  /** The newest element. Owner only. */
  @Nullable E pop() {
    long bottom = (long) INDEXES.get(indexes, BOTTOM) - 1;
    if (bottom < (long) INDEXES.getAcquire(indexes, TOP)) {
      return null; // empty: the top never falls, so this needs no fence
    }
    INDEXES.setVolatile(indexes, BOTTOM, bottom);
    return takeAt(bottom);
  }

  /** The element at {@code bottom}, which was set to that, unless a thief has it. */
  @SuppressWarnings("unchecked")
  private @Nullable E takeAt(long bottom) {
    @Nullable Object[] s = slots;
    int place = (int) bottom & (s.length - 1);
    long top = (long) INDEXES.getVolatile(indexes, TOP);
    if (top >= bottom && !wonLast(top, bottom)) {
      return null;
    }
    E newest = (E) s[place];
    s[place] = null;
    return newest;
  }

  /** At most one element was left: whether it is the owner's, not a thief's. */
  private boolean wonLast(long top, long bottom) {
    boolean won = top == bottom && INDEXES.compareAndSet(indexes, TOP, top, top + 1);
    INDEXES.setVolatile(indexes, BOTTOM, bottom + 1);
    return won;
  }

  /**
   * The first step of {@link #pop}, if {@code element} is the newest one, or was until a thief took
   * it; then the caller makes a compare-and-set that decides who has the element, so that a thief
   * who gets it does nothing with it; then {@link #endPop}. The compare-and-set keeps the two steps
   * in order, as {@link #pop} does by itself. Owner only.
   */
  boolean beginPop(E element) {
    @Nullable Object[] s = slots;
    long newest = (long) INDEXES.get(indexes, BOTTOM) - 1;
    if (s[(int) newest & (s.length - 1)] != element) {
      return false;
    }
    INDEXES.setRelease(indexes, BOTTOM, newest);
    return true;
  }

  /** The second step, if there was the first one. Owner only. */
  void endPop() {
    takeAt((long) INDEXES.get(indexes, BOTTOM));
  }

  /** The oldest element. Any thread. Lock-free: it repeats only when another thread has got one. */
  @SuppressWarnings("unchecked")
  @Nullable E steal() {
    while (true) {
      long top = (long) INDEXES.getVolatile(indexes, TOP);
      if (top >= (long) INDEXES.getVolatile(indexes, BOTTOM)) {
        return null;
      }
      @Nullable Object[] s = slots;
      int place = (int) top & (s.length - 1);
      Object oldest = SLOTS.getAcquire(s, place);
      if (INDEXES.compareAndSet(indexes, TOP, top, top + 1)) {
        SLOTS.compareAndSet(s, place, oldest, null); // unless the owner has used the place again
        return (E) oldest;
      }
    }
  }

  /** Whether there was nothing to take. Any thread; volatile. */
  boolean isEmpty() {
    return (long) INDEXES.getVolatile(indexes, TOP) >= (long) INDEXES.getVolatile(indexes, BOTTOM);
  }
}
