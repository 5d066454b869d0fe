// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.TaskFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** A task is cancelled, with an interrupt, while it is submitted, taken and run. */
@JCStressTest
@State
@Outcome(id = "true, false, false", expect = Expect.ACCEPTABLE, desc = "Cancelled in time.")
@Outcome(id = "true, true, false", expect = Expect.ACCEPTABLE, desc = "Cancelled while it ran.")
@Outcome(id = "false, true, false", expect = Expect.ACCEPTABLE, desc = "It was done before.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Neither ran nor cancelled, or the next one is hit.")
public class CancelStress {
  private volatile TaskFuture<Integer> future;
  private volatile boolean ran;

  /** Nothing submitted yet. */
  public CancelStress() {}

  /** Submits. */
  @Actor
  public void submitter() {
    future =
        StressedExecutor.get()
            .submit(
                () -> {
                  ran = true;
                  return 1;
                });
  }

  /** Cancels, as soon as there is something to cancel. */
  @Actor
  public void canceller() {
    while (future == null) {
      Thread.onSpinWait();
    }
    future.cancel(true);
  }

  /** Runs another task on the same thread. */
  @Arbiter
  public void next(ZZZ_Result result) {
    boolean hit =
        StressedExecutor.get().submit(() -> Thread.currentThread().isInterrupted()).join();
    result.r1 = future.isCancelled();
    result.r2 = ran;
    result.r3 = hit;
  }
}
