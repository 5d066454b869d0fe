// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

/** Who a child is started for. */
interface ChildOwner {
  /** The owner's name, which is the child's: {@code worker-1}. */
  String name();

  /** How the threads are named that serve the child. */
  String threadName();

  /**
   * There is a child, which does not run yet; the owner may kill it from now on. Called again if a
   * second one takes its place because the first died at once.
   */
  void started(ChildProcess child);

  /** The child that has been started takes a while until it says something: time for whatever. */
  default void whileItBoots() {}

  /** Whether the owner needs no child any more. */
  boolean isUnwanted();
}
