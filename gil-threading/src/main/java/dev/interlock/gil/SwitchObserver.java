// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

/**
 * Learns of each time that running code hands the interpreter lock over. Set by {@link
 * Gil#observe}. Called on the thread that hands over, while it holds the lock; checks in here do
 * nothing. Must not block. What it throws comes out of the check.
 */
public interface SwitchObserver {
  /**
   * The thread is about to hand over.
   *
   * @param site which access to shared state comes next, in fine mode; {@link SwitchPoint#NO_SITE}
   *     elsewhere
   */
  void beforeSwitch(int site);

  /** The thread has the lock again, at the same place. */
  void afterSwitch(int site);
}
