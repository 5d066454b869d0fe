// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who, from outside, decides about the switches of one lock and who watches them. Thread-safe;
 * setting is guarded by the monitor of this.
 */
final class Steering {
  private volatile @Nullable SwitchController controller;
  private volatile @Nullable SwitchObserver observer;

  /**
   * While there is a controller the breaker is raised, so that each check asks it. How many there
   * are more than before.
   */
  synchronized int control(@Nullable SwitchController next) {
    boolean before = controller != null;
    controller = next;
    if (!before && next != null) {
      EvalBreaker.requested();
      return 1;
    }
    if (before && next == null) {
      EvalBreaker.satisfied();
      return -1;
    }
    return 0;
  }

  boolean isControlled() {
    return controller != null;
  }

  /** Whom the controller names; null if nobody but {@code me}. */
  @Nullable Waiter named(SwitchPoint here, Thread me, WaitQueue queue) {
    SwitchController asked = controller;
    if (asked == null) {
      return null;
    }
    List<Waiter> waiting = queue.all();
    List<Thread> threads = waiting.stream().map(Waiter::thread).toList();
    Thread chosen = asked.next(here, threads);
    if (chosen == null || chosen == me) {
      return null;
    }
    int i = threads.indexOf(chosen);
    if (i < 0) {
      throw new IllegalStateException(
          "The controller named " + chosen + ", which does not wait. Waiting: " + threads);
    }
    return waiting.get(i);
  }

  void observe(@Nullable SwitchObserver next) {
    observer = next;
  }

  @Nullable SwitchObserver observer() {
    return observer;
  }
}
