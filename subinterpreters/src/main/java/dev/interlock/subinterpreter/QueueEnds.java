// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/**
 * Which ends of a durable queue this process opens. Each end belongs to one process at a time.
 *
 * @see QueueOptions#withEnds
 */
public enum QueueEnds {
  /** Items are put and got here. */
  BOTH,
  /** Items are only put here; another process may get them. */
  PUT,
  /** Items are only got here; another process may put them. */
  GET;

  boolean puts() {
    return this != GET;
  }

  boolean gets() {
    return this != PUT;
  }
}
