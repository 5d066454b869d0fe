// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.increment;

import com.google.common.collect.Lists;
import dev.interlock.Action;
import dev.interlock.Capability;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.examples.BadUsageException;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.Strategies;
import java.util.ArrayList;
import java.util.List;

/**
 * The experiment: 100 tasks add one to the same static, which nothing protects, on several threads;
 * is it 100 in the end?
 *
 * <p>Under an interpreter lock an answer is wrong only if the lock changed hands between the read
 * and the write of one increment. The class of the static is instrumented finely for it, so that it
 * can; nothing else is done to make it happen.
 */
public final class IncrementExperiment {
  /** How many increments an attempt has; there can be no more threads than that. */
  public static final int INCREMENTS = 100;

  private final TaskExecutor executor;
  private final int attempts;
  private final Action task;
  private final int threads;
  private final int meetEvery;

  /**
   * @param task increments once
   * @param meetEvery after how many tasks the threads meet again; needs a queue that is first in,
   *     first out, unless it is all of them
   */
  IncrementExperiment(TaskExecutor executor, int attempts, Action task, int meetEvery) {
    this.executor = executor;
    this.attempts = attempts;
    this.task = task;
    this.threads = executor.workers();
    this.meetEvery = Math.max(meetEvery, threads);
  }

  /**
   * Runs it; blocks for as long as that takes.
   *
   * @throws BadUsageException if the strategy cannot run it, or not so
   * @throws Exception if a task fails
   */
  public static IncrementReport run(IncrementRequest request) throws Exception {
    ExecutorProvider provider = Strategies.find().named(request.strategy(), "--strategy");
    if (!provider.capabilities().contains(Capability.SHARED_MEMORY)) {
      throw new BadUsageException(
          "The increment experiment needs shared memory, which "
              + request.strategy()
              + " does not have: each worker would count in a copy of its own. Run it with"
              + " gil-threading or free-threaded.");
    }
    if (provider.capabilities().contains(Capability.MUTUAL_EXCLUSION)) {
      return LockedIncrements.run(request);
    }
    if (!request.switchIntervals().isEmpty()) {
      throw new BadUsageException(
          "--switch-interval is for gil-threading: "
              + request.strategy()
              + " has no lock that could change hands. Leave it out.");
    }
    return free(request);
  }

  private static IncrementReport free(IncrementRequest request) throws Exception {
    try (TaskExecutor executor = open(request)) {
      IncrementExperiment experiment =
          new IncrementExperiment(executor, request.attempts(), Counter::increment, INCREMENTS);
      Outcome outcome = experiment.attempts();
      return new IncrementReport(
          request.strategy(),
          request.threads(),
          INCREMENTS,
          List.of(
              new IncrementRow(
                  null, request.attempts(), outcome.correctPercent(), outcome.lost(), null, null)),
          null);
    }
  }

  /** Submits are as quick as can be, so that the tasks of several threads meet. */
  static TaskExecutor open(IncrementRequest request) {
    return Interlock.builder()
        .strategy(request.strategy())
        .workers(request.threads())
        .submitSite(false)
        .open();
  }

  /** What came out of all attempts of a row. */
  record Outcome(int attempts, int right, long lost) {
    double correctPercent() {
      return 100.0 * right / attempts;
    }
  }

  /** Makes the attempts of one row. */
  Outcome attempts() throws Exception {
    int right = 0;
    long lost = 0;
    for (int attempt = 0; attempt < attempts; attempt++) {
      int num = attempt();
      right += num == INCREMENTS ? 1 : 0;
      lost += INCREMENTS - num;
    }
    return new Outcome(attempts, right, lost);
  }

  /** Makes one and returns the number in the end. */
  int attempt() throws Exception {
    Counter.num = 0;
    Meeting meeting = new Meeting(threads);
    List<TaskFuture<?>> futures = new ArrayList<>(INCREMENTS);
    for (int i = 0; i < INCREMENTS; i++) {
      if (i % meetEvery == 0 && i + threads <= INCREMENTS) {
        meeting = new Meeting(threads);
      }
      futures.add(executor.submit(i % meetEvery < threads ? meetFirst(meeting) : task));
    }
    for (TaskFuture<?> future : Lists.reverse(futures)) { // so as to be woken once, at the end
      future.get();
    }
    return Counter.num;
  }

  private Action meetFirst(Meeting meeting) {
    return () -> {
      meeting.await();
      task.run();
    };
  }
}
