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
  /** A worker, and how many lie below it. */
  private record Node(Worker worker, @Nullable Node below, int depth) {}

  private final AtomicReference<@Nullable Node> top = new AtomicReference<>();

  /** How many lie below it. */
  int push(Worker worker) {
    while (true) {
      Node below = top.get();
      int depth = below == null ? 0 : below.depth + 1;
      if (top.compareAndSet(below, new Node(worker, below, depth))) {
        return depth;
      }
    }
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

  boolean isEmpty() {
    return top.get() == null;
  }
}
