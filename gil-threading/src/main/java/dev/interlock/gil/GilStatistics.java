// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.gil.Contender.Counter;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Counters of one interpreter lock since its executor was opened. Each is exact once the executor
 * is quiescent; before, one may be a little older than another.
 *
 * @param handOffs how often another thread had the lock than the one before
 * @param forcedDrops how often running code gave the lock up because a waiter asked for it
 * @param waits how often a thread had to queue for the lock
 * @param dropRequests how often the head of the queue asked the holder to drop the lock
 * @param blockingReleases how often a thread gave the lock up to block, or in {@link
 *     Gil#allowThreads}
 * @param takeOvers how often the head of the queue took the lock away from a holder that was
 *     blocked
 * @param held how long task code ran with the lock, all threads together
 * @param waited how long threads were queued, all threads together
 * @param threads the same for each thread that lives, and for those that have ended together
 */
public record GilStatistics(
    long handOffs,
    long forcedDrops,
    long waits,
    long dropRequests,
    long blockingReleases,
    long takeOvers,
    Duration held,
    Duration waited,
    List<GilThreadStatistics> threads) {

  /** Copies the list. */
  public GilStatistics {
    threads = List.copyOf(threads);
  }

  static GilStatistics of(Map<Counter, Long> counts, List<GilThreadStatistics> threads) {
    GilThreadStatistics all = GilThreadStatistics.of("", counts);
    return new GilStatistics(
        all.handOffs(),
        all.forcedDrops(),
        all.waits(),
        all.dropRequests(),
        all.blockingReleases(),
        all.takeOvers(),
        all.held(),
        all.waited(),
        threads);
  }
}
