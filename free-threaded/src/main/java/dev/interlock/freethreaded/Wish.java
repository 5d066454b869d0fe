// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

/** What became of the scheduler's wish for a thread that takes a lane. */
enum Wish {
  /** One that slept has the lane, and counts as searching. */
  RESUMED,
  /** A new one has it, because nobody slept. */
  STARTED,
  /** Others have claimed all lanes. */
  NO_LANE,
  /** There are as many threads as the options allow. */
  FULL,
  /** The executor has stopped, or the system gives no thread. */
  REFUSED;

  boolean isGranted() {
    return this == RESUMED || this == STARTED;
  }
}
