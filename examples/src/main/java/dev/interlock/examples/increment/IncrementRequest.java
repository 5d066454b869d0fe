// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.increment;

import java.time.Duration;
import java.util.List;

/**
 * What the experiment is asked for. Immutable.
 *
 * @param strategy runs the tasks; it must have shared memory
 * @param switchIntervals one row each; empty where there is no lock
 * @param attempts how often per row
 * @param threads how many threads increment
 */
public record IncrementRequest(
    String strategy, List<Duration> switchIntervals, int attempts, int threads) {

  /** Copies the list. */
  public IncrementRequest {
    switchIntervals = List.copyOf(switchIntervals);
  }
}
