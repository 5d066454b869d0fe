// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.increment;

/**
 * What the experiment increments: a static without a lock, neither volatile nor atomic. Right only
 * as long as nothing else runs between the read and the write.
 */
public final class Counter {
  static int num;

  private Counter() {}

  static void increment() {
    num++;
  }
}
