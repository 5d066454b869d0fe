// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler in place of time: says at each check of the eval breaker who runs next.
 *
 * <p>While one is set, by {@link Gil#control}, no thread asks for the lock because it has waited
 * long, and a lock that is given up goes straight to the thread that the controller names. So the
 * same decisions make the same schedule, as long as the tasks themselves do the same. Time plays
 * one part only: from a holder that is blocked on a monitor the lock is still taken over, by the
 * longest waiter.
 */
@FunctionalInterface
public interface SwitchController {
  /**
   * Called on the thread that holds the lock, which the lock keeps for the call: checks in here do
   * nothing. Must not block. What it throws comes out of the check.
   *
   * @param here where the thread is
   * @param waiting the threads that wait for the lock, the longest waiter first
   * @return one of {@code waiting}, which runs next; null to go on, or, where the lock is given up,
   *     to let the longest waiter run
   */
  @Nullable Thread next(SwitchPoint here, List<Thread> waiting);
}
