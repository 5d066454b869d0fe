// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.util.concurrent.atomic.AtomicLong;

/** How much the files of one process may hold together, and each of them. Thread-safe. */
final class SideRoom {
  private final AtomicLong leftBytes;

  SideRoom(long bytes) {
    leftBytes = new AtomicLong(bytes);
  }

  /** Takes so much; false if it is not there. */
  boolean take(long bytes) {
    if (leftBytes.addAndGet(-bytes) >= 0) {
      return true;
    }
    giveBack(bytes);
    return false;
  }

  void giveBack(long bytes) {
    leftBytes.addAndGet(bytes);
  }
}
