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
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
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

  /**
   * By executor. It is forgotten with its last task, not when Spark tells that it is gone: the ends
   * of the tasks that it took along come by another thread of Spark's, and may come later.
   */
  private final Map<String, Load> loads = new HashMap<>();

  /** What runs in an executor, ours or not. */
  private static final class Load {
    final Set<Long> tasks = new HashSet<>();

    /** How many ran when it was lost. */
    int lostTogether;
  }

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
    TaskInfo info = event.taskInfo();
    loads.computeIfAbsent(info.executorId(), id -> new Load()).tasks.add(info.taskId());
    Parcel parcel = parcel(event.stageId(), info);
    if (parcel != null) {
      parcel.started(info.taskId(), info.executorId(), info.host());
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd event) {
    TaskInfo info = event.taskInfo();
    if (info == null) {
      return;
    }
    boolean alone = wasAlone(info, event.reason());
    Parcel parcel = parcel(event.stageId(), info);
    if (parcel != null && event.reason() != Success$.MODULE$ && parcel.isRunningAs(info.taskId())) {
      ended(parcel, info, event.reason(), alone);
    }
  }

  private boolean wasAlone(TaskInfo info, TaskEndReason reason) {
    Load load = loads.get(info.executorId());
    if (load == null) {
      return false; // an event was dropped
    }
    if (reason instanceof ExecutorLostFailure) {
      load.lostTogether = Math.max(load.lostTogether, load.tasks.size());
    }
    boolean alone = load.lostTogether <= 1;
    load.tasks.remove(info.taskId());
    if (load.tasks.isEmpty()) {
      loads.remove(info.executorId());
    }
    return alone;
  }

  private void ended(Parcel parcel, TaskInfo info, TaskEndReason reason, boolean alone) {
    if (reason instanceof TaskKilled) {
      parcel.killed();
    } else if (reason instanceof ExecutorLostFailure lost) {
      String why = lost.reason().isEmpty() ? "" : lost.reason().get();
      parcel.lost(loss(info, why, alone));
    } else if (reason instanceof ExceptionFailure failure) {
      parcel.failed(failure.toErrorString());
    } else if (reason instanceof TaskFailedReason failure) {
      parcel.lost(loss(info, failure.toErrorString(), false));
    }
  }

  private static Parcel.Loss loss(TaskInfo info, String why, boolean alone) {
    return new Parcel.Loss(
        info.executorId(),
        "executor " + info.executorId() + " on " + info.host(),
        ExitCause.of(why),
        alone);
  }

  private @Nullable Parcel parcel(int stageId, TaskInfo info) {
    Job job = stages.get(stageId);
    return job == null ? null : job.parcels().get(info.index());
  }

  @Override
  public void onExecutorAdded(SparkListenerExecutorAdded event) {
    context.executorAdded();
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
    context.executorLost(event.executorId());
  }

  @Override
  public void onApplicationEnd(SparkListenerApplicationEnd event) {
    context.applicationEnded();
  }
}
