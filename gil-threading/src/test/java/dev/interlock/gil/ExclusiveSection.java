// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

/**
 * Code in which two threads must never be at once. In a class of its own, which the agent does not
 * instrument: no switch may come inside.
 */
final class ExclusiveSection {
  private volatile Thread owner;
  private volatile boolean broken;

  /** Without calls that could overflow the stack in the middle. */
  void pass() {
    Thread me = Thread.currentThread();
    owner = me;
    for (int i = 0; i < 20; i++) {
      if (owner != me) {
        broken = true;
      }
    }
  }

  boolean isBroken() {
    return broken;
  }
}
