// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import org.jspecify.annotations.Nullable;

/** The lock's events in a flight recording; nothing where the JVM has no {@code jdk.jfr}. */
interface LockEvents {

  /** The current thread begins to wait; null if nobody wants to know. */
  default @Nullable Object waitBegins() {
    return null;
  }

  /** It has the lock; {@code begun} is what {@link #waitBegins} gave. */
  default void waitEnds(Object begun, String executor, boolean asked) {}

  /** The current thread has the lock after {@code from} had it. */
  default void handedOver(String executor, Thread from, boolean forced, int site) {}

  /** The current thread has taken the lock away from {@code from}. */
  default void tookOver(String executor, Thread from) {}
}
