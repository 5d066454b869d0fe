// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import java.util.Arrays;

/**
 * Of how many objects each object of a graph that is read consists, one that is referred to again
 * counting again: so many steps its hash code takes if all of them have a part in it. Thirty sets
 * of two, each in the next one twice, are 60 objects and have a thousand million steps.
 */
final class GraphWeights {
  private long[] byId = new long[64];
  private long current;
  private long last;

  /** An object is about to be read; returns what {@link #end} needs. */
  long begin() {
    long surrounding = current;
    current = 1;
    return surrounding;
  }

  /** An object of its own has got this number. */
  void started(int id) {
    if (id == byId.length) {
      byId = Arrays.copyOf(byId, 2 * id);
    }
    byId[id] = 1; // A reference from within it closes a cycle.
  }

  /** An object is referred to that was read before. */
  void referred(int id) {
    current = sum(current, byId[id]);
  }

  /** The object is read; it has a number if {@code id} is below {@code ids}. */
  void end(long surrounding, int id, int ids) {
    last = current;
    if (id < ids) {
      byId[id] = last;
    }
    current = sum(surrounding, last);
  }

  /** The weight of the object that was read last. */
  long ofLast() {
    return last;
  }

  void reset() {
    current = 0;
  }

  private static long sum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
