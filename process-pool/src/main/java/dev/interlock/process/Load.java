// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

/** What a worker has to do, and whether it will take more. Guarded by the roster's lock. */
final class Load {
  private int tasks;
  private boolean connecting;
  private boolean full;

  /** How many tasks it has been given that have not ended; to be connected counts as one. */
  int tasks() {
    return tasks;
  }

  void add(int more) {
    tasks += more;
  }

  /** It has a task before it is connected. */
  void beginToConnect() {
    connecting = true;
    tasks++;
  }

  void endToConnect() {
    connecting = false;
    tasks--;
  }

  /** Whether it takes no more tasks, as far as was known when it was looked at last. */
  void setFull(boolean now) {
    full = now;
  }

  /** Whether it has no task, and will take one, if need be as soon as it is connected. */
  boolean isFree() {
    return tasks == (connecting ? 1 : 0) && !full;
  }
}
