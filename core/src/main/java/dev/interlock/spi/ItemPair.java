// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** One item of each of two inputs of {@code map}. */
record ItemPair<A extends @Nullable Object, B extends @Nullable Object>(A first, B second) {

  /** Pairs the items up; ends with the shorter input. */
  static <A extends @Nullable Object, B extends @Nullable Object> Iterator<ItemPair<A, B>> zip(
      Iterator<? extends A> first, Iterator<? extends B> second) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return first.hasNext() && second.hasNext();
      }

      @Override
      public ItemPair<A, B> next() {
        return new ItemPair<>(first.next(), second.next());
      }
    };
  }
}
