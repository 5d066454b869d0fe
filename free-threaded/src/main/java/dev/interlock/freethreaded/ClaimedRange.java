// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a {@link SubmissionQueue}'s segment that a lane has claimed, oldest first. The
 * elements stay where they are: to copy them would cost the garbage collector's barrier for each.
 *
 * <pre>
 *   [ taken | from ... | ... to ]
 *             ^ anybody takes one   ^ a thief takes the later half
 * </pre>
 *
 * <p><b>Memory order.</b> One word holds where the range begins and ends, and how often it was set;
 * it is moved by compare-and-set, so each slot has one taker. {@code slots} is written before the
 * word, volatile, and only while the range is empty, which nobody but the lane's holder can change;
 * so who moves a word that has elements has read the slots that belong to it.
 *
 * @param <E> the type of the elements
 */
final class ClaimedRange<E> {
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  /** Where the word lies: two cache lines from what lies around. */
  private static final int PLACE = 16;

  private static final int BITS = 16;
  private static final long MASK = (1L << BITS) - 1;

  /** Bits from 0: the end; from 16: the beginning; from 32: how often it was set. */
  private final long[] word = new long[32];

  private @Nullable Object[] slots = {};

  private static int from(long word) {
    return (int) ((word >>> BITS) & MASK);
  }

  private static int to(long word) {
    return (int) (word & MASK);
  }

  /** Replaces an empty range. The lane's holder only. */
  void set(@Nullable Object[] itsSlots, int from, int to) {
    long times = ((long) WORD.get(word, PLACE) >>> (2 * BITS)) + 1;
    slots = itsSlots;
    WORD.setVolatile(word, PLACE, (times << (2 * BITS)) | ((long) from << BITS) | to);
  }

  /** Takes the oldest element, or null if there is none. Any thread. */
  @SuppressWarnings("unchecked")
  @Nullable E take() {
    while (true) {
      long now = (long) WORD.getVolatile(word, PLACE);
      if (from(now) >= to(now)) {
        return null;
      }
      @Nullable Object[] itsSlots = slots;
      if (WORD.compareAndSet(word, PLACE, now, now + (1L << BITS))) {
        Object element = SubmissionQueue.take(itsSlots, from(now));
        if (element != null) {
          return (E) element;
        }
      }
    }
  }

  /**
   * Gives the later half, rounded up, to {@code thief}, which must be empty and belong to the
   * caller. False if there was nothing.
   */
  boolean giveHalf(ClaimedRange<E> thief) {
    while (true) {
      long now = (long) WORD.getVolatile(word, PLACE);
      int left = to(now) - from(now);
      if (left <= 0) {
        return false;
      }
      @Nullable Object[] itsSlots = slots;
      int given = (left + 1) / 2;
      if (WORD.compareAndSet(word, PLACE, now, now - given)) {
        thief.set(itsSlots, to(now) - given, to(now));
        return true;
      }
    }
  }

  /** Whether there was nothing to take. Any thread; volatile. */
  boolean isEmpty() {
    long now = (long) WORD.getVolatile(word, PLACE);
    return from(now) >= to(now);
  }
}
