// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Which of the workers that sleep is the watchman: the one that wakes by itself now and then, and
 * looks whether tasks wait that nobody comes for, because a thread was suspended that counts as
 * searching, or was about to wake somebody.
 *
 * <p>The watch is kept while the worker that is named here {@linkplain Worker#isWatching parks with
 * a timer}. It is the worker who says so, once it was unparked, for who names it may be suspended
 * before that. Who resumes it ends its watch by the same compare-and-set; and it keeps none while
 * it looks, because then it may count as searching itself. While the watch is kept, a submitter may
 * rely on who searches: they are two threads, and if either is suspended the other goes on.
 *
 * <p>Nobody needs to watch while nobody is awake. Whoever wakes a worker, or is woken, or finds
 * somebody searching, calls {@link #keep} and so names one, if there is one that sleeps. The one
 * that is to be resumed last is named, and so in steady work none is woken for it.
 *
 * <p>Thread-safe, lock-free, volatile.
 */
final class Watch {
  private final IdleWorkers cores;
  private final IdleWorkers spares;
  private final AtomicReference<@Nullable Worker> watchman = new AtomicReference<>();

  /** The watchman's looks are far apart, because nothing changes. */
  private volatile boolean slow;

  Watch(IdleWorkers cores, IdleWorkers spares) {
    this.cores = cores;
    this.spares = spares;
  }

  /** Whether somebody watches. */
  boolean isKept() {
    Worker named = watchman.get();
    return named != null && named.isWatching();
  }

  /** Whether nobody watches, nor is about to. */
  boolean isVacant() {
    Worker named = watchman.get();
    return named == null || !named.isAsleep();
  }

  boolean isKeptBy(Worker worker) {
    return watchman.get() == worker;
  }

  /** Sees to it that one of those who sleep watches; false if none sleeps. */
  boolean keep() {
    while (!isKept()) {
      Worker named = watchman.get();
      if (named == null || !named.isAsleep()) {
        Worker chosen = cores.lowestAsleep();
        if (chosen == null) {
          chosen = spares.lowestAsleep();
        }
        if (chosen == null) {
          return false;
        }
        if (!watchman.compareAndSet(named, chosen)) {
          continue;
        }
        named = chosen;
      }
      named.unpark(); // also if another thread has named it, and is suspended before this
      if (named.isAsleep()) {
        return true;
      }
    }
    return true;
  }

  /** The worker is about to sleep, and watches if nobody else does. */
  void keepIfVacant(Worker worker) {
    Worker named = watchman.get();
    if (named == null || !named.isAsleep()) {
      watchman.compareAndSet(named, worker);
    } else if (!named.isWatching()) {
      named.unpark();
    }
  }

  /** The worker watches no more. */
  void leave(Worker worker) {
    watchman.compareAndSet(worker, null);
  }

  boolean isSlow() {
    return slow;
  }

  void setSlow(boolean isSlow) {
    if (slow != isSlow) {
      slow = isSlow;
    }
  }

  /** Nobody is awake any more: the watchman, if its next look is far away, should look now. */
  void hurry() {
    if (slow) {
      slow = false;
      Worker named = watchman.get();
      if (named != null) {
        named.unpark();
      }
    }
  }
}
