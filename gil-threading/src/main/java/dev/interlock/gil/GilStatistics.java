// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

/**
 * Counters of one interpreter lock since its executor was opened. Each is exact once the executor
 * is quiescent.
 *
 * @param handOffs how often another thread had the lock than the one before
 * @param forcedDrops how often running code gave the lock up because a waiter asked for it
 * @param waits how often a thread had to queue for the lock
 */
public record GilStatistics(long handOffs, long forcedDrops, long waits) {}
