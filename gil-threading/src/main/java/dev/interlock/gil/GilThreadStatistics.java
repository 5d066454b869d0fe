// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.gil.Contender.Counter;
import java.time.Duration;
import java.util.Map;

/**
 * What one thread of an executor has done with the interpreter lock. The threads that have ended
 * are one record together.
 *
 * @param thread the thread's name
 * @param handOffs how often it got the lock after another thread had it
 * @param forcedDrops how often it gave the lock up because a waiter asked for it
 * @param waits how often it had to queue for the lock
 * @param dropRequests how often it asked the holder to drop the lock
 * @param blockingReleases how often it gave the lock up to block, or in {@link Gil#allowThreads}
 * @param takeOvers how often it took the lock away from a holder that was blocked
 * @param held how long it ran task code with the lock
 * @param waited how long it was queued
 */
public record GilThreadStatistics(
    String thread,
    long handOffs,
    long forcedDrops,
    long waits,
    long dropRequests,
    long blockingReleases,
    long takeOvers,
    Duration held,
    Duration waited) {

  static GilThreadStatistics of(String thread, Map<Counter, Long> counts) {
    return new GilThreadStatistics(
        thread,
        counts.getOrDefault(Counter.HAND_OFFS, 0L),
        counts.getOrDefault(Counter.FORCED_DROPS, 0L),
        counts.getOrDefault(Counter.WAITS, 0L),
        counts.getOrDefault(Counter.DROP_REQUESTS, 0L),
        counts.getOrDefault(Counter.BLOCKING_RELEASES, 0L),
        counts.getOrDefault(Counter.TAKE_OVERS, 0L),
        Duration.ofNanos(counts.getOrDefault(Counter.HELD_NS, 0L)),
        Duration.ofNanos(counts.getOrDefault(Counter.WAITED_NS, 0L)));
  }
}
