// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A holder wakes up and comes to a check, while another one takes the lock over that has seen it
 * asleep. What a thread's state is to the real one is {@code asleep} here.
 */
@JCStressTest
@State
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "The holder keeps the lock.")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "It has been robbed.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both have the lock, or nobody.")
public class TakeOverStress {
  private final InterpreterLock lock =
      new InterpreterLock(
          "stress", new LockSettings(SwitchPolicy.SWITCH_INTERVAL, 0, 1, TakeOverRule.WAITING));
  private final Contender holder = new Contender();
  private final Hold seen;
  private volatile boolean asleep = true;

  /** The lock is held; who holds it is asleep. */
  public TakeOverStress() {
    lock.acquire(holder, Waiter.Kind.ORDINARY);
    holder.runs(System.nanoTime());
    seen = holder.hold();
  }

  /** Wakes up. */
  @Actor
  public void holder(ZZ_Result result) {
    asleep = false;
    result.r1 = lock.yieldIfAsked(holder, SwitchPoint.NO_SITE);
  }

  /** Takes over as a waiter does. */
  @Actor
  public void robber(ZZ_Result result) {
    seen.suspect(0);
    result.r2 = asleep && lock.replace(seen, new Hold(Thread.currentThread()));
  }
}
