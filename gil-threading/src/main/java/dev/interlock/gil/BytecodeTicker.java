// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

/**
 * CPython's {@code _Py_Ticker}: counts down the bytecodes that run under one lock. Used by the
 * holder only.
 */
final class BytecodeTicker {
  private final int checkInterval;
  private int left;

  BytecodeTicker(int checkInterval) {
    this.checkInterval = checkInterval;
    this.left = checkInterval;
  }

  /** Counts; true once in a check interval. */
  boolean isDue(int bytecodes) {
    left -= bytecodes;
    if (left > 0) {
      return false;
    }
    left = checkInterval;
    return true;
  }
}
