// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The workers that sleep, the last one to fall asleep on top: its caches are the warmest. A Treiber
 * stack; every push makes a node of its own, so that a node that was seen on top cannot come back.
 * Thread-safe, lock-free, volatile. A worker that ended in its sleep stays until it is met.
 */
final class IdleWorkers {
  private record Node(Worker worker, @Nullable Node below) {}

  private final AtomicReference<@Nullable Node> top = new AtomicReference<>();

  void push(Worker worker) {
    Node below;
    do {
      below = top.get();
    } while (!top.compareAndSet(below, new Node(worker, below)));
  }

  /** The worker on top, or null. */
  @Nullable Worker pop() {
    Node first;
    do {
      first = top.get();
      if (first == null) {
        return null;
      }
    } while (!top.compareAndSet(first, first.below));
    return first.worker;
  }

  /** Of those that are asleep, the one that will be resumed last; null if there is none. */
  @Nullable Worker lowestAsleep() {
    Worker lowest = null;
    for (Node node = top.get(); node != null; node = node.below) {
      if (node.worker.isAsleep()) {
        lowest = node.worker;
      }
    }
    return lowest;
  }

  boolean isEmpty() {
    return top.get() == null;
  }
}
