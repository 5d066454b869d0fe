// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.ExecutorStats;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The counters of one executor. Thread-safe, contention-free. */
public final class Tally {
  private final LongAdder submitted = new LongAdder();
  private final LongAdder completed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder cancelled = new LongAdder();
  private final LongAdder workersStarted = new LongAdder();
  private final LongAdder workersEnded = new LongAdder();
  private final LongAdder workersLost = new LongAdder();
  private final LongAdder encodedBytes = new LongAdder();

  private final List<Stripe> stripes = new CopyOnWriteArrayList<>();
  private volatile LongSupplier queued = () -> 0;

  Tally() {}

  /**
   * Counters that one thread at a time writes, with a happens-before between them: so counting is a
   * plain addition. Opaque writes: readers see each of them in time, and never half of one.
   */
  public static final class Stripe {
    private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int COMPLETED = 16;
    private static final int FAILED = 17;

    /** In the middle: a cache line of its own. */
    private final long[] counts = new long[40];

    private Stripe() {}

    private void add(int place, int difference) {
      COUNTS.setOpaque(counts, place, (long) COUNTS.get(counts, place) + difference);
    }

    private long sum(int place) {
      return (long) COUNTS.getOpaque(counts, place);
    }
  }

  /** One more stripe, for as long as the executor lives. */
  public Stripe newStripe() {
    Stripe stripe = new Stripe();
    stripes.add(stripe);
    return stripe;
  }

  /** Where tasks are counted that were submitted and not counted otherwise; their number. */
  public void countsSubmitted(LongSupplier queues) {
    queued = queues;
  }

  private long sum(LongAdder ofAll, int place) {
    return ofAll.sum() + stripes.stream().mapToLong(stripe -> stripe.sum(place)).sum();
  }

  void taskSubmitted() {
    submitted.increment();
  }

  /** Counts on the stripe of the worker that ran it, if that has one. */
  void taskCompleted(@Nullable Stripe stripe) {
    add(completed, stripe, Stripe.COMPLETED, 1);
  }

  /** A body has returned, or thrown; counted before anybody can see the outcome. */
  void bodyEnded(@Nullable Stripe stripe, boolean returned) {
    if (returned) {
      taskCompleted(stripe);
    } else {
      taskFailed(stripe);
    }
  }

  /** After {@link #bodyEnded}: somebody else has decided the outcome before. */
  void bodyEndedInVain(@Nullable Stripe stripe, boolean returned) {
    if (returned) {
      add(completed, stripe, Stripe.COMPLETED, -1);
    } else {
      add(failed, stripe, Stripe.FAILED, -1);
    }
  }

  void taskFailed(@Nullable Stripe stripe) {
    add(failed, stripe, Stripe.FAILED, 1);
  }

  /** It was counted, but somebody else was faster. */
  void taskNotFailed() {
    failed.decrement();
  }

  void taskCancelled() {
    cancelled.increment();
  }

  /** As {@link #taskNotFailed}. */
  void taskNotCancelled() {
    cancelled.decrement();
  }

  private static void add(LongAdder ofAll, @Nullable Stripe stripe, int place, int difference) {
    if (stripe == null) {
      ofAll.add(difference);
    } else {
      stripe.add(place, difference);
    }
  }

  /** A worker runs. */
  public void workerStarted() {
    workersStarted.increment();
  }

  /** A worker is gone because it was asked to. */
  public void workerEnded() {
    workersEnded.increment();
  }

  /** A worker died without being asked to. */
  public void workerLost() {
    workersLost.increment();
    workersEnded.increment();
  }

  /** So many bytes crossed a boundary, encoded. */
  public void encoded(long bytes) {
    encodedBytes.add(bytes);
  }

  ExecutorStats snapshot() {
    long ended = workersEnded.sum();
    long started = workersStarted.sum();
    return new ExecutorStats(
        submitted.sum() + queued.getAsLong(),
        sum(completed, Stripe.COMPLETED),
        sum(failed, Stripe.FAILED),
        cancelled.sum(),
        (int) (started - ended),
        started,
        workersLost.sum(),
        encodedBytes.sum());
  }
}
