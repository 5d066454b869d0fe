// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.TaskContext;
import dev.interlock.TaskTimeoutException;
import dev.interlock.WorkerCrashedException;
import dev.interlock.codec.EncodedRun;
import dev.interlock.spi.Interruption;
import dev.interlock.spi.TaskLimits;
import dev.interlock.spi.TaskRun;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * One task on its way through the pool. It belongs to the queue or to exactly one worker; who holds
 * it may call its methods. {@link #interrupt}, {@link #withdraw}, {@link #stopByForce} and {@link
 * #awaited} are thread-safe.
 */
final class Assignment implements Interruption {
  private static final long BY_SOCKET = -1;

  /** UTF-8 needs three bytes for a character at most. */
  private static final int LONGEST_PROGRESS_BYTES = 3 * TaskContext.MOST_CHARACTERS;

  private final EncodedRun<?> run;
  private boolean announced;
  private int sendings;
  private int deliveries;
  private long position = BY_SOCKET;
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
    return Delivery.of(run.taskId(), attempt(), announced, sendings - 1);
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

  /** A worker takes the tasks. Those that are cancelled are not among what is returned. */
  static List<Assignment> begin(List<Assignment> taken) {
    List<Assignment> begun = taken;
    for (int i = 0; i < taken.size(); i++) {
      Assignment task = taken.get(i);
      boolean begins = task.run.begin(task);
      if (!begins && begun == taken) {
        begun = new ArrayList<>(taken.subList(0, i));
      } else if (begins && begun != taken) {
        begun.add(task);
      }
    }
    return begun;
  }

  /** The task is about to be sent to {@code taker}. */
  void deliverTo(Worker taker) {
    announced = run.watch().limits().firstNs() != TaskLimits.OFF;
    sendings++;
    deliveries++;
    position = BY_SOCKET;
    worker = taker;
  }

  /** It goes by the ring, and its record is at this position. */
  void isAt(long ringPosition) {
    position = ringPosition;
  }

  boolean isInRing() {
    return position != BY_SOCKET;
  }

  long position() {
    return position;
  }

  /** The last worker is known not to have started it: that was no attempt. */
  void notStarted() {
    deliveries--;
  }

  /** Whether it may be sent once more, if the last worker cannot have started it. */
  boolean mayBeSentAgain() {
    return deliveries < 2;
  }

  /** No worker has them any more. Those that are cancelled are ended, and not queued again. */
  static List<Assignment> requeue(List<Assignment> tasks) {
    List<Assignment> waiting = new ArrayList<>(tasks.size());
    for (Assignment task : tasks) {
      if (task.requeue()) {
        waiting.add(task);
      }
    }
    return waiting;
  }

  private boolean requeue() {
    if (run.putBack()) {
      return true;
    }
    run.fail(new CancellationException());
    return false;
  }

  boolean isInterruptWanted() {
    return interruptWanted;
  }

  /** Whether it should not be sent any more. */
  boolean isUnwanted() {
    return interruptWanted || run.isDone();
  }

  /** When its interrupt was wanted first, by {@link System#nanoTime}. */
  long interruptedNs() {
    return interruptedNs;
  }

  /**
   * It gets on, if this is its last sending.
   *
   * @throws ProtocolException if the frame is longer than any child makes it
   */
  void progress(Frame progress) throws ProtocolException {
    if (progress.payload().length > LONGEST_PROGRESS_BYTES) {
      throw new ProtocolException("a progress of " + progress.payload().length + " bytes");
    }
    if (progress.id() == delivery()) {
      String words = new String(progress.payload(), StandardCharsets.UTF_8);
      run.progress(words.isEmpty() ? null : words);
    }
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
      holder.cancel(this, true);
    }
  }

  @Override
  public void withdraw(Object task) {
    Worker holder = worker;
    if (holder != null) {
      holder.cancel(this, false);
    }
  }

  /** The current thread is about to wait for it. */
  void awaited() {
    Worker holder = worker;
    if (holder != null) {
      holder.assist(this);
    }
  }
}
