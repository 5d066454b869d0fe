// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The owner pushes and pops while a thief steals: they meet at the last element, or at none. */
@JCStressTest
@State
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Once each, and whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, or seen half written.")
public class DequeStress {
  private final WorkStealingDeque<Parcel> deque = new WorkStealingDeque<>();
  private final Parcels owners = new Parcels();
  private final Parcels thiefs = new Parcels();

  /** An empty deque. */
  public DequeStress() {}

  /** Pushes three and pops two. */
  @Actor
  public void owner() {
    deque.push(new Parcel(0));
    deque.push(new Parcel(1));
    owners.add(deque.pop());
    deque.push(new Parcel(2));
    owners.add(deque.pop());
  }

  /** Steals two. */
  @Actor
  public void thief() {
    thiefs.add(deque.steal());
    thiefs.add(deque.steal());
  }

  /** Takes what is left. */
  @Arbiter
  public void rest(ZZ_Result result) {
    Parcels all = new Parcels();
    owners.addTo(all);
    thiefs.addTo(all);
    for (Parcel parcel = deque.steal(); parcel != null; parcel = deque.steal()) {
      all.add(parcel);
    }
    result.r1 = all.onceEach(3) && deque.isEmpty();
    result.r2 = owners.allWhole() && thiefs.allWhole() && all.allWhole();
  }
}
