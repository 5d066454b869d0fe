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

  /** Where the indexes are: a cache line from each other, and from what lies before and behind. */
  private static final int TOP = 16;

  private static final int BOTTOM = 32;

  /** How often an element was pushed; on the owner's cache line. */
  private static final int PUSHES = BOTTOM + 1;

  /**
   * The array is renewed after so many: writing a young reference into an old array costs a fence
   * under the G1 collector.
   */
  private static final int PUSHES_OF_AN_ARRAY = 4096;

  private final long[] indexes = new long[48];

  /** Whether {@link #endPop} is due. Owner only. */
  private boolean popping;

  private volatile @Nullable Object[] slots = new @Nullable Object[FIRST_CAPACITY];

  /** Owner only. */
  void push(E element) {
    long bottom = (long) INDEXES.get(indexes, BOTTOM);
    long top = (long) INDEXES.getAcquire(indexes, TOP);
    @Nullable Object[] s = slots;
    long pushes = (long) INDEXES.get(indexes, PUSHES) + 1;
    INDEXES.set(indexes, PUSHES, pushes);
    if (bottom - top >= s.length) {
      s = copy(s, 2 * s.length, top, bottom);
    } else if (pushes % PUSHES_OF_AN_ARRAY == 0) {
      s = copy(s, s.length, top, bottom);
    }
    s[(int) bottom & (s.length - 1)] = element;
    INDEXES.setVolatile(indexes, BOTTOM, bottom + 1);
  }

  private @Nullable Object[] copy(@Nullable Object[] from, int capacity, long top, long bottom) {
    @Nullable Object[] to = new @Nullable Object[capacity];
    for (long i = top; i < bottom; i++) {
      to[(int) i & (to.length - 1)] = from[(int) i & (from.length - 1)];
    }
    slots = to;
    return to;
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
    long top = (long) INDEXES.getVolatile(indexes, TOP);
    if (top > bottom) {
      INDEXES.setVolatile(indexes, BOTTOM, bottom + 1);
      return null;
    }
    @Nullable Object[] s = slots;
    int place = (int) bottom & (s.length - 1);
    E newest = (E) s[place];
    if (top == bottom) {
      boolean won = INDEXES.compareAndSet(indexes, TOP, top, top + 1);
      INDEXES.setVolatile(indexes, BOTTOM, bottom + 1);
      if (!won) {
        return null;
      }
    }
    s[place] = null;
    return newest;
  }

  /** Whether {@code element} is the newest one, or was until a thief took it. Owner only. */
  boolean isNewest(E element) {
    @Nullable Object[] s = slots;
    return s[((int) (long) INDEXES.get(indexes, BOTTOM) - 1) & (s.length - 1)] == element;
  }

  /**
   * The first step of {@link #pop}, for {@link #isNewest}; then the caller makes a compare-and-set
   * that decides who has the element, so that a thief who gets it does nothing with it; then {@link
   * #endPop}. The compare-and-set keeps the two steps in order, as {@link #pop} does by itself.
   * Owner only.
   */
  void beginPop() {
    popping = true;
    INDEXES.setRelease(indexes, BOTTOM, (long) INDEXES.get(indexes, BOTTOM) - 1);
  }

  /** The second step, if there was the first one. Owner only. */
  void endPop() {
    if (popping) {
      popping = false;
      takeAt((long) INDEXES.get(indexes, BOTTOM));
    }
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
