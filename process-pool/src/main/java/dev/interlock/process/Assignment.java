// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.codec.EncodedRun;
import dev.interlock.spi.Interruption;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * One task on its way through the pool. It belongs to the queue or to exactly one worker; who holds
 * it may call its methods. {@link #interrupt} is thread-safe.
 */
final class Assignment implements Interruption {
  /** More than a task is ever sent. */
  static final int SENDINGS = 256;

  private final EncodedRun<?> run;
  private boolean begun;
  private int deliveries;
  private volatile boolean interruptWanted;
  private volatile @Nullable Worker worker;

  Assignment(EncodedRun<?> run) {
    this.run = run;
  }

  EncodedRun<?> run() {
    return run;
  }

  /**
   * The number of its last sending: the task's id and how often it was sent before, so that no
   * other sending in this executor has it.
   */
  long delivery() {
    return run.taskId() * SENDINGS + (deliveries - 1);
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

  @Override
  public void interrupt(Object task) {
    interruptWanted = true;
    Worker holder = worker;
    if (holder != null) {
      holder.inFlight().interrupt(this);
    }
  }
}
