// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.TaskFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * What the submitter has written is seen by the task, and what the task has written by whoever sees
 * its future done, by {@code get} or by looking.
 */
@JCStressTest
@State
@Outcome(id = "1, 2, -1", expect = Expect.ACCEPTABLE, desc = "Not done when looked at.")
@Outcome(id = "1, 2, 2", expect = Expect.ACCEPTABLE, desc = "Done when looked at.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A write was not seen, or the task did not run.")
public class SubmitStress {
  private int bySubmitter;
  private int byTask;
  private volatile TaskFuture<Integer> future;

  /** Nothing submitted yet. */
  public SubmitStress() {}

  /** Writes, then submits. */
  @Actor
  public void submitter() {
    bySubmitter = 1;
    future =
        StressedExecutor.get()
            .submit(
                () -> {
                  byTask = 2;
                  return bySubmitter;
                });
  }

  /** Reads what the task has written once its future is done. */
  @Actor
  public void onlooker(III_Result result) {
    TaskFuture<Integer> seen = future;
    result.r3 = seen != null && seen.isDone() ? byTask : -1;
  }

  /** Waits. */
  @Arbiter
  public void waiting(III_Result result) {
    result.r1 = StressedExecutor.resultOf(future);
    result.r2 = byTask;
  }
}
