// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

/**
 * A snapshot of an executor's counters. Each counter is exact once the executor is quiescent; while
 * tasks run, the counters are read one after the other.
 *
 * @param submitted tasks accepted; a chunk of {@link TaskExecutor#map} counts as one
 * @param completed tasks that returned
 * @param failed tasks that threw, could not cross, or lost their worker
 * @param cancelled tasks cancelled before or while they ran
 * @param workers workers alive now
 * @param workersStarted workers started since the executor was opened, replacements included
 * @param workersLost workers that died without being asked to
 * @param encodedBytes bytes encoded to cross a boundary, in both directions; 0 where memory is
 *     shared
 */
public record ExecutorStats(
    long submitted,
    long completed,
    long failed,
    long cancelled,
    int workers,
    long workersStarted,
    long workersLost,
    long encodedBytes) {}
