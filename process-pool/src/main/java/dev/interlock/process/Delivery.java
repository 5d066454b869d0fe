// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

/**
 * The number of one sending of a task: the task's id, which attempt it is, whether the child says
 * when it begins, and how often the task was sent before, in one word. No other task of the
 * executor ever has it, nor another sending of the same task within {@value #SENDINGS}.
 */
final class Delivery {
  private static final int ATTEMPT_BITS = 8;
  private static final int SENDING_BITS = 7;
  private static final int SENDINGS = 1 << SENDING_BITS;
  private static final int ANNOUNCED = SENDINGS;
  private static final int ATTEMPT_SHIFT = SENDING_BITS + 1;
  private static final int ATTEMPT_MASK = (1 << ATTEMPT_BITS) - 1;

  private Delivery() {}

  static long of(long taskId, int attempt, boolean announced, int sending) {
    return (taskId << (ATTEMPT_BITS + ATTEMPT_SHIFT))
        | ((long) (attempt & ATTEMPT_MASK) << ATTEMPT_SHIFT)
        | (announced ? ANNOUNCED : 0)
        | (sending & (SENDINGS - 1));
  }

  static long taskId(long delivery) {
    return delivery >>> (ATTEMPT_BITS + ATTEMPT_SHIFT);
  }

  static int attempt(long delivery) {
    return (int) (delivery >>> ATTEMPT_SHIFT) & ATTEMPT_MASK;
  }

  /** Whether the parent wants to know when the task begins, if it comes by the socket. */
  static boolean isAnnounced(long delivery) {
    return (delivery & ANNOUNCED) != 0;
  }
}
