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

  private final long[] indexes = new long[48];
  private volatile @Nullable Object[] slots = new @Nullable Object[FIRST_CAPACITY];

  /** Owner only. */
  void push(E element) {
    long bottom = (long) INDEXES.get(indexes, BOTTOM);
    long top = (long) INDEXES.getAcquire(indexes, TOP);
    @Nullable Object[] s = slots;
    if (bottom - top >= s.length) {
      s = grow(s, top, bottom);
    }
    SLOTS.set(s, (int) bottom & (s.length - 1), element);
    INDEXES.setVolatile(indexes, BOTTOM, bottom + 1);
  }

  private @Nullable Object[] grow(@Nullable Object[] from, long top, long bottom) {
    @Nullable Object[] to = new @Nullable Object[from.length * 2];
    for (long i = top; i < bottom; i++) {
      to[(int) i & (to.length - 1)] = from[(int) i & (from.length - 1)];
    }
    slots = to;
    return to;
  }

  /** The newest element. Owner only. */
  @SuppressWarnings("unchecked")
  @Nullable E pop() {
    long bottom = (long) INDEXES.get(indexes, BOTTOM) - 1;
    if (bottom < (long) INDEXES.getAcquire(indexes, TOP)) {
      return null; // empty: the top never falls, so this needs no fence
    }
    INDEXES.setVolatile(indexes, BOTTOM, bottom);
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

  /** Takes {@code element} out if it is the newest one. Owner only. */
  boolean popIfNewest(E element) {
    long bottom = (long) INDEXES.get(indexes, BOTTOM);
    @Nullable Object[] s = slots;
    return s[(int) (bottom - 1) & (s.length - 1)] == element && pop() != null;
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
