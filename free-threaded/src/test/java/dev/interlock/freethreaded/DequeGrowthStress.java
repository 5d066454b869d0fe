// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A thief steals while the owner's push makes the array grow. */
@JCStressTest
@State
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Nothing lost, the oldest first.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, or out of order.")
public class DequeGrowthStress {
  /** More than any first capacity. */
  private static final int FULL = 64;

  private final WorkStealingDeque<Integer> deque = new WorkStealingDeque<>();
  private int last = FULL;
  private int stolen = -1;
  private int stolenNext = -1;

  /** Up to the size of an array. */
  public DequeGrowthStress() {
    for (int i = 0; i < FULL; i++) {
      deque.push(i);
    }
  }

  /** Pushes two more. */
  @Actor
  public void owner() {
    deque.push(last++);
    deque.push(last++);
  }

  /** Steals two. */
  @Actor
  public void thief() {
    stolen = deque.steal();
    stolenNext = deque.steal();
  }

  /** Takes the rest, the oldest first. */
  @Arbiter
  public void rest(ZZ_Result result) {
    result.r1 = stolen == 0 && stolenNext == 1;
    int expected = 2;
    for (Integer oldest = deque.steal(); oldest != null; oldest = deque.steal()) {
      if (oldest != expected++) {
        expected = -FULL;
      }
    }
    result.r2 = expected == FULL + 2;
  }
}
