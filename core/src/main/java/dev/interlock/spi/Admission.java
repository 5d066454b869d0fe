// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * Counts the tasks inside an executor and closes the door, in one word: bit 0 is "closed", the rest
 * counts. Once the door is closed and the last task is out, {@code onQuiescent} runs, exactly once.
 * Lock-free.
 *
 * <p>Where the strategy knows itself when the last task is out, nothing is counted, so that no word
 * is written by all threads for each task; the strategy calls {@link #quiescent} in time.
 */
final class Admission {
  private static final long CLOSED = 1;
  private static final long ONE = 2;

  /** No variable handle: the first one in a JVM takes longer to set up than a first task runs. */
  private static final AtomicLongFieldUpdater<Admission> WORD =
      AtomicLongFieldUpdater.newUpdater(Admission.class, "word");

  private volatile long word;
  private final AtomicBoolean quiescent = new AtomicBoolean();
  private final Runnable onQuiescent;
  private final boolean counts;

  Admission(Runnable onQuiescent) {
    this(onQuiescent, true);
  }

  Admission(Runnable onQuiescent, boolean counts) {
    this.onQuiescent = onQuiescent;
    this.counts = counts;
  }

  /** Whether it counts. */
  boolean counts() {
    return counts;
  }

  /** Lets one task in, unless the door is closed. */
  boolean enter() {
    if (!counts) {
      return !isClosed();
    }
    if ((WORD.getAndAdd(this, ONE) & CLOSED) == 0) {
      return true;
    }
    exit();
    return false;
  }

  /** One task is out: it ended, or never will start. */
  void exit() {
    if (counts && WORD.addAndGet(this, -ONE) == CLOSED) {
      quiescent();
    }
  }

  /** Closes the door; false if it was closed already. */
  boolean close() {
    long before = WORD.getAndUpdate(this, w -> w | CLOSED);
    if ((before & CLOSED) != 0) {
      return false;
    }
    if (counts && before == 0) {
      quiescent();
    }
    return true;
  }

  boolean isClosed() {
    return (word & CLOSED) != 0;
  }

  /** The door is closed and the last task is out. */
  void quiescent() {
    if (quiescent.compareAndSet(false, true)) {
      onQuiescent.run();
    }
  }
}
