// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.Success$;
import org.apache.spark.TaskEndReason;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import org.jspecify.annotations.Nullable;

/**
 * What Spark's listener bus tells, for the parcels that it concerns. Confined to the bus's thread,
 * but for {@link #expect}.
 */
final class SparkEvents extends SparkListener {
  private final SharedContext context;

  /** Jobs that were given to Spark, by our id. */
  private final Map<String, Job> expected = new ConcurrentHashMap<>();

  /** By Spark's stage. */
  private final Map<Integer, Job> stages = new HashMap<>();

  /** Which parcels run in which executor. */
  private final Map<String, Set<Parcel>> running = new HashMap<>();

  /** How many ran in an executor when it was lost. */
  private final Map<String, Integer> lostTogether = new HashMap<>();

  SparkEvents(SharedContext context) {
    this.context = context;
  }

  /** Before the job is submitted. */
  void expect(Job job) {
    expected.put(job.id(), job);
  }

  void forget(Job job) {
    expected.remove(job.id());
  }

  @Override
  public void onJobStart(SparkListenerJobStart event) {
    String id = event.properties() == null ? null : event.properties().getProperty(Job.PROPERTY);
    Job job = id == null ? null : expected.remove(id);
    if (job != null) {
      event.stageIds().foreach(stage -> stages.put((Integer) stage, job));
    }
  }

  @Override
  public void onStageCompleted(SparkListenerStageCompleted event) {
    stages.remove(event.stageInfo().stageId());
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart event) {
    Parcel parcel = parcel(event.stageId(), event.taskInfo());
    if (parcel != null) {
      TaskInfo info = event.taskInfo();
      parcel.started(info.taskId(), info.executorId(), info.host());
      if (parcel.isRunningAs(info.taskId())) {
        running.computeIfAbsent(info.executorId(), id -> new HashSet<>()).add(parcel);
      }
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd event) {
    TaskInfo info = event.taskInfo();
    Parcel parcel = info == null ? null : parcel(event.stageId(), info);
    if (parcel == null) {
      return;
    }
    Set<Parcel> beside = running.getOrDefault(info.executorId(), Set.of());
    int together = beside.size();
    if (!beside.isEmpty()) {
      beside.remove(parcel);
    }
    if (event.reason() != Success$.MODULE$ && parcel.isRunningAs(info.taskId())) {
      ended(parcel, info, event.reason(), together);
    }
  }

  private void ended(Parcel parcel, TaskInfo info, TaskEndReason reason, int together) {
    if (reason instanceof TaskKilled) {
      parcel.killed();
    } else if (reason instanceof ExecutorLostFailure lost) {
      int most = lostTogether.merge(info.executorId(), together, Math::max);
      String why = lost.reason().isEmpty() ? "" : lost.reason().get();
      parcel.lost(
          new Parcel.Loss(
              info.executorId(),
              "executor " + info.executorId() + " on " + info.host(),
              ExitCause.of(why),
              most <= 1));
    } else if (reason instanceof ExceptionFailure failure) {
      parcel.failed(failure.toErrorString());
    } else if (reason instanceof TaskFailedReason failure) {
      parcel.lost(
          new Parcel.Loss(
              info.executorId(),
              "executor " + info.executorId() + " on " + info.host(),
              ExitCause.of(failure.toErrorString()),
              false));
    }
  }

  private @Nullable Parcel parcel(int stageId, TaskInfo info) {
    Job job = stages.get(stageId);
    return job == null ? null : job.parcels().get(info.index());
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
    running.remove(event.executorId());
    lostTogether.remove(event.executorId());
    context.executorLost(event.executorId());
  }

  @Override
  public void onApplicationEnd(SparkListenerApplicationEnd event) {
    context.applicationEnded();
  }
}
