// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/**
 * The current thread's interrupt status, put aside while code runs that an interrupt would break.
 */
enum Interrupt {
  /** The thread was not interrupted. */
  NONE,
  /** The thread was interrupted, and will be again. */
  PENDING;

  static Interrupt suspend() {
    return Thread.interrupted() ? PENDING : NONE;
  }

  void resume() {
    if (this == PENDING) {
      Thread.currentThread().interrupt();
    }
  }
}
