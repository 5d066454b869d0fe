// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

/**
 * Who has the say over a task in the ring. One compare-and-set leaves {@link #OFFERED}: the child's
 * before the first instruction of the task, or the parent's. So a task that the parent has taken
 * back never starts, and after a crash it is known which task was running.
 */
final class Claim {
  /** The child may take it, the parent may take it back. */
  static final int OFFERED = 1;

  /** The child runs it, or has run it. */
  static final int TAKEN = 2;

  /** The parent has taken it back: the child passes over it. */
  static final int REVOKED = 3;

  private Claim() {}
}
