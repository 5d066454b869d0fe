// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Plain increments under the lock, with a hand-over in the middle. */
@JCStressTest
@State
@Outcome(id = "4", expect = Expect.ACCEPTABLE, desc = "No increment is lost.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Two threads had the lock at once.")
public class LockExclusionStress {
  private final InterpreterLock lock =
      new InterpreterLock(
          "stress", new LockSettings(SwitchPolicy.SWITCH_INTERVAL, 0, 1, TakeOverRule.WAITING));
  private int plain;

  private void work() {
    Contender me = new Contender();
    lock.acquire(me, Waiter.Kind.ORDINARY);
    plain++;
    lock.yieldIfAsked(me, SwitchPoint.NO_SITE);
    plain++;
    lock.release(me);
  }

  /** One of two alike. */
  @Actor
  public void first() {
    work();
  }

  /** One of two alike. */
  @Actor
  public void second() {
    work();
  }

  /** Sees what both have written. */
  @Arbiter
  public void sum(I_Result result) {
    result.r1 = plain;
  }
}
