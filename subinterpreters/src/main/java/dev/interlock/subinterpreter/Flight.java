// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import org.jspecify.annotations.Nullable;

/**
 * A task on its way through an interpreter: from before it enters the inbox until it is taken out
 * of the outbox. Each field is written by one thread before it sends a message about it.
 */
final class Flight {
  final long number;
  final PoolTask<?> run;

  /** Whether the interpreter has begun it; written by the interpreter's thread. */
  volatile boolean begun;

  /** Whether it was sent to another interpreter as well, which may be faster. */
  volatile boolean recalled;

  /** The outcome, if it goes by reference or has been taken out of the outbox. */
  volatile byte @Nullable [] outcome;

  /** Why there is no outcome. */
  volatile @Nullable Throwable failure;

  Flight(long number, PoolTask<?> run) {
    this.number = number;
    this.run = run;
  }
}
