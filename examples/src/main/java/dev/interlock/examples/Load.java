// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples;

/** What the tasks of a set spend their time on, which decides how they are handed over. */
public enum Load {
  /** Computing: the tasks go through {@code map}, which batches short ones. */
  CPU,
  /** Waiting: the tasks are submitted all at once, so as many wait as the strategy lets. */
  IO,
  /** Both: submitted all at once. */
  MIXED
}
