// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.TaskTimeoutException;
import dev.interlock.WorkerCrashedException;
import dev.interlock.codec.EncodedRun;
import dev.interlock.spi.Interruption;
import dev.interlock.spi.TaskRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * One task on its way through the pool. It belongs to the queue or to exactly one worker; who holds
 * it may call its methods. {@link #interrupt} and {@link #stopByForce} are thread-safe.
 */
final class Assignment implements Interruption {
  private final EncodedRun<?> run;
  private boolean begun;
  private int deliveries;
  private final List<WorkerCrashedException> crashes = new ArrayList<>();
  private volatile boolean interruptWanted;
  private volatile long interruptedNs;
  private volatile @Nullable Worker worker;

  Assignment(EncodedRun<?> run) {
    this.run = run;
  }

  EncodedRun<?> run() {
    return run;
  }

  /** The number of its last sending, which no other one has: see {@link Delivery}. */
  long delivery() {
    return Delivery.of(run.taskId(), attempt(), deliveries - 1);
  }

  /** Which attempt it is, from 1: each but the last one has cost a worker its life. */
  int attempt() {
    return crashes.size() + 1;
  }

  /** The worker has died of it, perhaps, and it is to be tried again. */
  void crashed(WorkerCrashedException crash) {
    crashes.add(crash);
    worker = null;
    deliveries = 0;
  }

  List<WorkerCrashedException> earlierCrashes() {
    return List.copyOf(crashes);
  }

  /** Whether it was taken before: then it is in the queue because it was put back. */
  boolean isBegun() {
    return begun;
  }

  /** A worker takes the task; false if it is cancelled, and must not be sent. */
  boolean begin() {
    if (!begun) {
      begun = true;
      return run.begin(this);
    }
    if (run.isDone()) {
      run.fail(new CancellationException());
      return false;
    }
    return true;
  }

  /** The task is about to be sent to {@code taker}. */
  void deliverTo(Worker taker) {
    deliveries++;
    worker = taker;
  }

  /** Whether it may be sent once more, if the last worker cannot have started it. */
  boolean mayBeSentAgain() {
    return deliveries < 2;
  }

  boolean isInterruptWanted() {
    return interruptWanted;
  }

  /** When its interrupt was wanted first, by {@link System#nanoTime}. */
  long interruptedNs() {
    return interruptedNs;
  }

  /** Fails its future and interrupts it. */
  void interruptAtSoftLimit() {
    run.stopByInterrupt(run.watch().late(TaskTimeoutException.Kind.SOFT));
    if (!interruptWanted) {
      interrupt(run); // it was cancelled without: its limit holds all the same
    }
  }

  @Override
  public void stopByForce(TaskRun<?> task, TaskTimeoutException why) {
    Worker holder = worker;
    if (holder == null || !holder.alarm().stop(this, why)) {
      run.stopByInterrupt(why);
    }
  }

  @Override
  public void interrupt(Object task) {
    if (!interruptWanted) {
      interruptedNs = System.nanoTime();
      interruptWanted = true;
    }
    Worker holder = worker;
    if (holder != null) {
      holder.inFlight().interrupt(this);
    }
  }
}
