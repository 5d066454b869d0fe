// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import dev.interlock.TaskExecutor;
import dev.interlock.gil.Gil;
import dev.interlock.gil.GilStatistics;
import dev.interlock.gil.GilThreadStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the interpreter lock of an executor did while a task set was measured. Immutable.
 *
 * @param thread whose figures these are; null for those of all threads together
 * @param handOffs how often another thread had the lock than the one before
 * @param dropRequests how often a waiter asked for it
 * @param forcedDrops how often running code gave it up because a waiter asked
 * @param blockingReleases how often it was given up to block
 * @param takeOvers how often it was taken from a thread that was blocked
 * @param heldMillis how long task code ran with it
 * @param waitedMillis how long threads were queued for it
 * @param threads the same for each thread
 */
public record LockFigures(
    @Nullable String thread,
    long handOffs,
    long dropRequests,
    long forcedDrops,
    long blockingReleases,
    long takeOvers,
    double heldMillis,
    double waitedMillis,
    List<LockFigures> threads) {
  private static final double NS_PER_MS = 1e6;

  /** Copies the list. */
  public LockFigures {
    threads = List.copyOf(threads);
  }

  /** Since the executor was opened; null if it has no interpreter lock. */
  static @Nullable LockFigures of(TaskExecutor executor) {
    if (!executor.strategy().equals("gil-threading")) {
      return null;
    }
    GilStatistics all = Gil.of(executor).statistics();
    return new LockFigures(
        null,
        all.handOffs(),
        all.dropRequests(),
        all.forcedDrops(),
        all.blockingReleases(),
        all.takeOvers(),
        millis(all.held()),
        millis(all.waited()),
        all.threads().stream().map(LockFigures::of).toList());
  }

  private static LockFigures of(GilThreadStatistics one) {
    return new LockFigures(
        one.thread(),
        one.handOffs(),
        one.dropRequests(),
        one.forcedDrops(),
        one.blockingReleases(),
        one.takeOvers(),
        millis(one.held()),
        millis(one.waited()),
        List.of());
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / NS_PER_MS;
  }

  /** Whether these are of the threads that have ended, which are one sum. */
  boolean isOfEnded() {
    return thread != null && thread.startsWith("(");
  }

  /** What has been added since {@code before}. */
  LockFigures since(LockFigures before) {
    Map<String, LockFigures> earlier = new HashMap<>();
    before.threads.forEach(one -> earlier.put(String.valueOf(one.thread), one));
    List<LockFigures> added = new ArrayList<>();
    threads.stream()
        .sorted(Comparator.comparing(LockFigures::isOfEnded)) // last: theirs is what is left
        .forEach(
            one -> {
              @Nullable LockFigures known = earlier.remove(String.valueOf(one.thread));
              LockFigures more = known == null ? one : one.minus(known, List.of());
              if (one.isOfEnded()) {
                for (LockFigures ended : earlier.values()) {
                  more = more.minus(ended, List.of());
                }
              }
              added.add(more);
            });
    return minus(before, added);
  }

  private LockFigures minus(LockFigures other, List<LockFigures> ofThreads) {
    return new LockFigures(
        thread,
        handOffs - other.handOffs,
        dropRequests - other.dropRequests,
        forcedDrops - other.forcedDrops,
        blockingReleases - other.blockingReleases,
        takeOvers - other.takeOvers,
        heldMillis - other.heldMillis,
        waitedMillis - other.waitedMillis,
        ofThreads);
  }

  /** Without those of the single threads. */
  public LockFigures together() {
    return new LockFigures(
        thread,
        handOffs,
        dropRequests,
        forcedDrops,
        blockingReleases,
        takeOvers,
        heldMillis,
        waitedMillis,
        List.of());
  }
}
