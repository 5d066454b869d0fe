// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import org.jspecify.annotations.Nullable;

/**
 * How the head waiter finds out that the holder cannot come to a check: it finds it waiting at two
 * looks. Confined to the head waiter.
 */
final class HolderWatch {
  /** Between two looks while nothing is wrong, and so the longest that a head waiter parks. */
  static final long LOOK_NS = 1_000_000;

  /** Between a look that finds the holder waiting and the next. */
  static final long RIPE_NS = 100_000;

  private long nextLookNs;
  private @Nullable Hold waiting;
  private final NativeWaitWatch nativeWait = new NativeWaitWatch();

  void begin(long nowNs) {
    nextLookNs = nowNs + LOOK_NS;
  }

  /** The head has asked: a holder that runs would react, so looks at once. */
  void asked(long nowNs) {
    if (waiting == null) {
      nextLookNs = nowNs;
    }
  }

  long nextLookInNs(long nowNs) {
    return nextLookNs - nowNs;
  }

  /**
   * A last look before the hold is taken over: the thread may have woken up.
   *
   * @param waits whether the thread was seen waiting, and not in native code
   */
  boolean isStillStuck(Hold stuck, boolean waits) {
    return waits ? TakeOverRule.waits(stuck.thread()) : nativeWait.hasStoodStill(stuck.thread());
  }

  /** Looks, if it is time to: the hold that should be taken over, or null. */
  @Nullable Hold stuck(@Nullable Hold holder, long nowNs) {
    if (nowNs - nextLookNs < 0) {
      return null;
    }
    if (holder != null && holder.isExposed() && nativeWait.looksStill(holder.thread())) {
      waiting = holder;
      nextLookNs = nowNs + LOOK_NS;
      return holder;
    }
    if (holder == null || !holder.isExposed() || !TakeOverRule.waits(holder.thread())) {
      waiting = null;
      nextLookNs = nowNs + LOOK_NS;
      return null;
    }
    boolean again = holder == waiting;
    waiting = holder;
    nextLookNs = nowNs + (again ? LOOK_NS : RIPE_NS);
    return again ? holder : null;
  }
}
