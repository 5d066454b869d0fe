// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** Two threads offer to one queue, and one of them polls. */
@JCStressTest
@State
@Outcome(id = "true, true, true", expect = Expect.ACCEPTABLE, desc = "Once each, in order, whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, out of order, or seen half written.")
public class QueueStress {
  private final SubmissionQueue<Parcel> queue = new SubmissionQueue<>();
  private final Parcels taken = new Parcels();

  /** An empty queue. */
  public QueueStress() {}

  /** Offers two. */
  @Actor
  public void producer() {
    queue.offer(new Parcel(0));
    queue.offer(new Parcel(1));
  }

  /** Offers one and takes two, if they are there. */
  @Actor
  public void consumer() {
    queue.offer(new Parcel(2));
    taken.add(queue.poll());
    taken.add(queue.poll());
  }

  /** Takes what is left. */
  @Arbiter
  public void rest(ZZZ_Result result) {
    for (Parcel parcel = queue.poll(); parcel != null; parcel = queue.poll()) {
      taken.add(parcel);
    }
    result.r1 = taken.onceEach(3) && queue.isEmpty();
    result.r2 = taken.inOrder(0, 1);
    result.r3 = taken.allWhole();
  }
}
