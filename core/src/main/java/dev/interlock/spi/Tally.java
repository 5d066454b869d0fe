// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.ExecutorStats;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one executor. Thread-safe, contention-free. */
public final class Tally {
  private final LongAdder submitted = new LongAdder();
  private final LongAdder completed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder cancelled = new LongAdder();
  private final LongAdder workersStarted = new LongAdder();
  private final LongAdder workersEnded = new LongAdder();
  private final LongAdder workersLost = new LongAdder();
  private final LongAdder encodedBytes = new LongAdder();

  Tally() {}

  void taskSubmitted() {
    submitted.increment();
  }

  void taskCompleted() {
    completed.increment();
  }

  void taskFailed() {
    failed.increment();
  }

  void taskCancelled() {
    cancelled.increment();
  }

  /** A worker runs. */
  public void workerStarted() {
    workersStarted.increment();
  }

  /** A worker is gone because it was asked to. */
  public void workerEnded() {
    workersEnded.increment();
  }

  /** A worker died without being asked to. */
  public void workerLost() {
    workersLost.increment();
    workersEnded.increment();
  }

  /** So many bytes crossed a boundary, encoded. */
  public void encoded(long bytes) {
    encodedBytes.add(bytes);
  }

  ExecutorStats snapshot() {
    long ended = workersEnded.sum();
    long started = workersStarted.sum();
    return new ExecutorStats(
        submitted.sum(),
        completed.sum(),
        failed.sum(),
        cancelled.sum(),
        (int) (started - ended),
        started,
        workersLost.sum(),
        encodedBytes.sum());
  }
}
