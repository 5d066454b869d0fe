// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import java.util.concurrent.Future;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An alarm for something that is put off far more often than it happens: a million tasks a second,
 * each with a deadline that it keeps. {@link #ringBy} does nothing while the alarm is set to ring
 * early enough; when it rings, it looks what is due, and is told when to ring next.
 *
 * <p><b>No deadline is missed:</b> whoever has one makes it visible and then calls {@code ringBy}.
 * The ring first forgets that it was set and then looks. So either the look sees the deadline, or
 * {@code ringBy} sees that the alarm is not set.
 *
 * <p><b>Concurrency.</b> The monitor guards setting and forgetting; the look runs without it.
 * Thread-safe.
 */
public final class LazyAlarm {
  /** No deadline. */
  public static final long NEVER = Long.MAX_VALUE;

  private final LongUnaryOperator look;
  private volatile @Nullable Setting setting;
  private boolean closed;

  private static final class Setting {
    private final long atNs;
    private @Nullable Future<?> timer;

    Setting(long atNs) {
      this.atNs = atNs;
    }
  }

  /**
   * @param look does what is due at the time it is given, and returns the next deadline or {@link
   *     #NEVER}; times are those of {@link System#nanoTime}
   */
  public LazyAlarm(LongUnaryOperator look) {
    this.look = look;
  }

  /** Rings at that time at the latest; does not wait. */
  public void ringBy(long atNs) {
    Setting now = setting;
    if (now == null || now.atNs - atNs > 0) {
      set(atNs);
    }
  }

  private synchronized void set(long atNs) {
    Setting before = setting;
    if (closed || (before != null && before.atNs - atNs <= 0)) {
      return;
    }
    forget(before);
    Setting fresh = new Setting(atNs);
    fresh.timer = TaskTimer.schedule(atNs - System.nanoTime(), () -> ring(fresh));
    setting = fresh;
  }

  private void ring(Setting mine) {
    synchronized (this) {
      if (setting != mine) {
        return;
      }
      setting = null;
    }
    long next = look.applyAsLong(System.nanoTime());
    if (next != NEVER) {
      ringBy(next);
    }
  }

  private static void forget(@Nullable Setting before) {
    if (before != null && before.timer != null) {
      before.timer.cancel(false);
    }
  }

  /** Never rings again; a ring that has begun goes on. */
  public synchronized void close() {
    closed = true;
    forget(setting);
    setting = null;
  }
}
