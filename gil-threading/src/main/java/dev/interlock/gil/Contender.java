// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A thread as a user of one {@link InterpreterLock}: what it believes to hold, and its counters.
 * Confined to the thread; the counters are written opaque, and may be read by anybody.
 */
final class Contender {
  /** What is counted. */
  enum Counter {
    /** It got the lock after another thread had it. */
    HAND_OFFS,
    /** It asked the holder to drop the lock. */
    DROP_REQUESTS,
    /** It gave the lock up because it was asked to, or told to by a controller. */
    FORCED_DROPS,
    /** It had to queue. */
    WAITS,
    /** It gave the lock up to block. */
    BLOCKING_RELEASES,
    /** It took the lock away from a holder that was blocked. */
    TAKE_OVERS,
    /** Nanoseconds that it ran task code with the lock. */
    HELD_NS,
    /** Nanoseconds that it was queued. */
    WAITED_NS
  }

  private final Map<Counter, AtomicLong> counts = new EnumMap<>(Counter.class);
  private @Nullable Hold hold;
  private @Nullable Hold spare;
  private boolean running;
  private long runningSinceNs;

  Contender() {
    for (Counter counter : Counter.values()) {
      counts.put(counter, new AtomicLong());
    }
  }

  /** What it has, unless the lock has been taken over; null if it has given it up itself. */
  @Nullable Hold hold() {
    return hold;
  }

  /** A hold to acquire the lock with: the last one, unless it has been suspected since. */
  Hold freshHold() {
    Hold last = spare;
    if (last == null || last.isSuspected()) {
      last = new Hold(Thread.currentThread());
      spare = last;
    } else {
      last.conceal();
    }
    return last;
  }

  void holds(Hold now) {
    hold = now;
  }

  void holdsNothing() {
    hold = null;
  }

  /** Task code begins, or goes on; the lock may be taken over when the thread is blocked. */
  void runs(long nowNs) {
    running = true;
    runningSinceNs = nowNs;
    Hold mine = hold;
    if (mine != null) {
      mine.expose(nowNs);
    }
  }

  /** Task code ends, or waits. */
  void stops(long nowNs) {
    if (running) {
      running = false;
      count(Counter.HELD_NS, nowNs - runningSinceNs);
    }
  }

  void waited(long fromNs, long toNs) {
    count(Counter.WAITS, 1);
    count(Counter.WAITED_NS, toNs - fromNs);
  }

  void count(Counter counter) {
    count(counter, 1);
  }

  private void count(Counter counter, long more) {
    AtomicLong count = of(counter);
    count.setOpaque(count.getPlain() + more);
  }

  /** Adds what has been counted so far. */
  void addTo(Map<Counter, Long> sums) {
    for (Counter counter : Counter.values()) {
      sums.merge(counter, of(counter).getOpaque(), Long::sum);
    }
  }

  private AtomicLong of(Counter counter) {
    return Objects.requireNonNull(counts.get(counter));
  }
}
