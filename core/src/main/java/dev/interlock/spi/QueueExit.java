// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

/** How a {@link TaskRun} leaves the queue of the worker that is about to run it. */
@FunctionalInterface
public interface QueueExit {

  /** Takes it out, but for steps that need not come before it begins. */
  void leave();
}
