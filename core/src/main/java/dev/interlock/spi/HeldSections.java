// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The critical sections that one thread is in, the innermost on top, as PEP 703 has them: only the
 * top one is sure to be held, and none while the thread blocks.
 *
 * <p><b>Locks.</b> An object's lock is one of a fixed number, chosen by its identity hash: two
 * objects may share one, which only makes a section wider. A section locks its one or two in the
 * order of their numbers.
 *
 * <p><b>No deadlock.</b> A thread waits for a lock only while it holds no other one, but for the
 * lower one of the same section: whatever else it holds it gives up before. Nor does it hold the
 * interpreter lock or a worker's place while it waits: that is a blocking call. Confined to its
 * thread.
 */
public final class HeldSections {
  private static final int LOCKS_COUNT = 1 << 10;
  private static final int SPINS = 50;
  private static final ReentrantLock[] LOCKS = new ReentrantLock[LOCKS_COUNT];
  private static final ThreadLocal<@Nullable HeldSections> HERE = new ThreadLocal<>();

  /** Whether there was any section yet: if not, blocking calls need not look for them. */
  private static volatile boolean everUsed;

  static {
    for (int i = 0; i < LOCKS_COUNT; i++) {
      LOCKS[i] = new ReentrantLock();
    }
  }

  private static final class Section {
    final int lower;
    final int upper;
    boolean held;

    Section(int lower, int upper) {
      this.lower = lower;
      this.upper = upper;
    }

    boolean tryLock() {
      if (!LOCKS[lower].tryLock()) {
        return false;
      }
      if (!LOCKS[upper].tryLock()) {
        LOCKS[lower].unlock();
        return false;
      }
      held = true;
      return true;
    }

    void lock() {
      LOCKS[lower].lock();
      LOCKS[upper].lock();
      held = true;
    }

    void unlock() {
      if (held) {
        held = false;
        LOCKS[upper].unlock();
        LOCKS[lower].unlock();
      }
    }
  }

  private final Deque<Section> sections = new ArrayDeque<>();

  private HeldSections() {}

  private static int number(Object object) {
    int hash = System.identityHashCode(object);
    return (hash ^ hash >>> 16) & (LOCKS_COUNT - 1);
  }

  /** Begins a section on both objects, which may be the same. Waits uninterruptibly. */
  public static void enter(Object one, Object other) {
    everUsed = true;
    HeldSections here = HERE.get();
    if (here == null) {
      here = new HeldSections();
      HERE.set(here);
    }
    int first = number(one);
    int second = number(other);
    Section section = new Section(Math.min(first, second), Math.max(first, second));
    here.acquire(section);
    here.sections.push(section);
  }

  /** Ends the innermost section; the one around it is held again, if it had to be given up. */
  public static void leave() {
    HeldSections here = HERE.get();
    if (here == null) {
      throw new IllegalStateException("This thread is in no critical section.");
    }
    here.sections.pop().unlock();
    if (here.sections.isEmpty()) {
      HERE.remove();
    } else {
      here.holdInnermost();
    }
  }

  /** The thread is about to block: it gives all its sections up. */
  static void suspend() {
    HeldSections here = everUsed ? HERE.get() : null;
    if (here != null) {
      here.giveUp();
    }
  }

  /** The thread has blocked: it holds its innermost section again. */
  static void resume() {
    HeldSections here = everUsed ? HERE.get() : null;
    if (here != null) {
      here.holdInnermost();
    }
  }

  private void giveUp() {
    sections.forEach(Section::unlock);
  }

  private void holdInnermost() {
    Section innermost = sections.peek();
    if (innermost != null && !innermost.held) {
      acquire(innermost);
    }
  }

  private void acquire(Section section) {
    for (int i = 0; i < SPINS; i++) {
      if (section.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    giveUp();
    WorkerScope scope = WorkerScope.current();
    if (scope == null) {
      section.lock();
      return;
    }
    scope.beginWait();
    try {
      section.lock();
    } finally {
      scope.endWait();
    }
  }
}
