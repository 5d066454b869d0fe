// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who waits for a future: an element of its stack. {@code next} is written before the
 * compare-and-set that pushes it, and later only to take dead ones out, where a stale write costs a
 * second look.
 */
abstract class FutureWaiter {
  volatile @Nullable FutureWaiter next;

  /** The future is done. Called once, by whoever has taken the waiter off the stack. */
  abstract void fire();

  /** Whether it waits no more, so that it can be taken out. */
  boolean isDead() {
    return false;
  }
}
