// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.increment;

import dev.interlock.TaskExecutor;
import dev.interlock.examples.BadUsageException;
import dev.interlock.gil.Gil;
import dev.interlock.gil.agent.AgentJar;
import dev.interlock.gil.agent.AgentState;
import dev.interlock.gil.agent.GilAgent;
import dev.interlock.gil.instrument.SwitchPoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The experiment under an interpreter lock: a row per switch interval. */
final class LockedIncrements {
  private static final List<Duration> DEFAULT_INTERVALS =
      List.of(Duration.ofMillis(5), Duration.ofNanos(500), Duration.ofNanos(1));

  /** How many turns of threads at meetings an attempt may cost, a switch interval each. */
  private static final int MEETING_TURNS = 8;

  private LockedIncrements() {}

  static IncrementReport run(IncrementRequest request) throws Exception {
    if (GilAgent.coverage().state() == AgentState.ABSENT) {
      throw new BadUsageException(
          "The lock can change hands inside num++ only where the agent has put checks, and this JVM"
              + " has no agent. Run ./interlock increment. "
              + AgentJar.advice());
    }
    try (TaskExecutor executor = IncrementExperiment.open(request)) {
      GilAgent.switchPoints(Counter.class.getName(), SwitchPoints.FINE);
      Gil gil = Gil.of(executor);
      HandOverWatch watch = new HandOverWatch();
      gil.observe(watch);
      IncrementExperiment experiment =
          new IncrementExperiment(
              executor, request.attempts(), watch::increment, meetEvery(request.threads()));
      experiment.attempt(); // loads and instruments what the others need
      List<IncrementRow> rows = new ArrayList<>();
      for (Duration interval :
          request.switchIntervals().isEmpty() ? DEFAULT_INTERVALS : request.switchIntervals()) {
        gil.setSwitchInterval(interval);
        watch.nowAt(interval);
        rows.add(row(experiment, watch, interval));
        watch.requireOneHolder();
      }
      return new IncrementReport(
          request.strategy(),
          request.threads(),
          IncrementExperiment.INCREMENTS,
          rows,
          watch.lostUpdate());
    }
  }

  /** On cores that are busy, threads that have met once do not stay together for long. */
  private static int meetEvery(int threads) {
    return IncrementExperiment.INCREMENTS / Math.max(1, MEETING_TURNS / threads);
  }

  private static IncrementRow row(
      IncrementExperiment experiment, HandOverWatch watch, Duration interval) throws Exception {
    IncrementExperiment.Outcome outcome = experiment.attempts();
    return new IncrementRow(
        SwitchIntervals.written(interval),
        outcome.attempts(),
        outcome.correctPercent(),
        outcome.lost(),
        watch.switches(),
        Documented.at(interval));
  }
}
