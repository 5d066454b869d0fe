// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A holder releases the lock at the moment at which it is taken over. */
@JCStressTest
@State
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Taken over, and so not free.")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "Released, and so free.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The lock is lost, or robbed of the robber.")
public class ReleaseStress {
  private final InterpreterLock lock =
      new InterpreterLock(
          "stress", new LockSettings(SwitchPolicy.SWITCH_INTERVAL, 0, 1, TakeOverRule.WAITING));
  private final Contender holder = new Contender();
  private final Hold seen;

  /** The lock is held. */
  public ReleaseStress() {
    lock.acquire(holder, Waiter.Kind.ORDINARY);
    holder.runs(System.nanoTime());
    seen = holder.hold();
  }

  /** Releases. */
  @Actor
  public void holder() {
    lock.release(holder);
  }

  /** Takes over as a waiter does that has looked. */
  @Actor
  public void robber(ZZ_Result result) {
    seen.suspect(0);
    result.r1 = lock.replace(seen, new Hold(Thread.currentThread()));
  }

  /** Looks whether the lock is held. */
  @Arbiter
  public void held(ZZ_Result result) {
    result.r2 = lock.holder() != null;
  }
}
