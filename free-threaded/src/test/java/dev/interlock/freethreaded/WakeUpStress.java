// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.TaskFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two threads submit at the moment at which workers that do not spin fall asleep or wake up. */
@JCStressTest
@State
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "Both have run.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A wake-up was lost.")
public class WakeUpStress {
  private TaskFuture<Integer> first;
  private TaskFuture<Integer> second;

  /** Workers that nothing keeps awake. */
  public WakeUpStress() {}

  /** Submits one. */
  @Actor
  public void one() {
    first = StressedExecutor.sleepy().submit(() -> 1);
  }

  /** Submits the other. */
  @Actor
  public void other() {
    second = StressedExecutor.sleepy().submit(() -> 2);
  }

  /** Waits for both, 20 s at most. */
  @Arbiter
  public void waiting(II_Result result) {
    result.r1 = StressedExecutor.resultOf(first);
    result.r2 = StressedExecutor.resultOf(second);
  }
}
