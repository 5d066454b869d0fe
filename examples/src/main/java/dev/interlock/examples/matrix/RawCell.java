// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a JVM that measures says about one cell; the parent compares it with the baseline.
 *
 * @param tasks the task set
 * @param status how it ended
 * @param reason why it is not ok, or what there is to say
 * @param workers how many workers there were
 * @param millis the time of each run
 * @param startupMillis from opening the executor to its first result
 * @param rssBytesPerWorker resident memory that came with the executor, per worker
 * @param encodedBytes bytes encoded in one run
 * @param outcomes the digest of each run's outcome
 * @param lock what the interpreter lock did in all measured runs together; null if there is none
 */
record RawCell(
    String tasks,
    CellStatus status,
    @Nullable String reason,
    @Nullable Integer workers,
    List<Double> millis,
    @Nullable Double startupMillis,
    @Nullable Long rssBytesPerWorker,
    @Nullable Long encodedBytes,
    List<String> outcomes,
    @Nullable LockFigures lock) {

  static RawCell unmeasured(String tasks, CellStatus status, String reason) {
    return new RawCell(tasks, status, reason, null, List.of(), null, null, null, List.of(), null);
  }

  /** The same without the lock's figures of single threads. */
  RawCell withLockTogether() {
    return new RawCell(
        tasks,
        status,
        reason,
        workers,
        millis,
        startupMillis,
        rssBytesPerWorker,
        encodedBytes,
        outcomes,
        lock == null ? null : lock.together());
  }
}
