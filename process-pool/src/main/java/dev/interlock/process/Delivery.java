// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

/**
 * The number of one sending of a task: the task's id, which attempt it is, and how often the task
 * was sent before, in one word. No other task of the executor ever has it, nor another sending of
 * the same task within {@value #SENDINGS}.
 */
final class Delivery {
  private static final int ATTEMPT_BITS = 8;
  private static final int SENDING_BITS = 8;
  private static final int SENDINGS = 1 << SENDING_BITS;
  private static final int ATTEMPT_MASK = (1 << ATTEMPT_BITS) - 1;

  private Delivery() {}

  static long of(long taskId, int attempt, int sending) {
    return (taskId << (ATTEMPT_BITS + SENDING_BITS))
        | ((long) (attempt & ATTEMPT_MASK) << SENDING_BITS)
        | (sending & (SENDINGS - 1));
  }

  static long taskId(long delivery) {
    return delivery >>> (ATTEMPT_BITS + SENDING_BITS);
  }

  static int attempt(long delivery) {
    return (int) (delivery >>> SENDING_BITS) & ATTEMPT_MASK;
  }
}
