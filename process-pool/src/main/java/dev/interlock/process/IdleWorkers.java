// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.spi.LazyAlarm;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The workers that are IDLE, the one used last first: what is warm stays warm, and the others have
 * been idle for longer. Guarded by the roster's lock.
 */
final class IdleWorkers {
  private final long mostNs;
  private final ArrayDeque<Idle> workers = new ArrayDeque<>();

  private record Idle(Worker worker, long sinceNs) {}

  /**
   * @param most for how long a worker may be idle; null for ever
   */
  IdleWorkers(@Nullable Duration most) {
    mostNs = most == null ? LazyAlarm.NEVER : most.toNanos();
  }

  /** Adds a worker; returns when it will have been idle for long enough. */
  long add(Worker worker) {
    long nowNs = mostNs == LazyAlarm.NEVER ? 0 : System.nanoTime();
    workers.addFirst(new Idle(worker, nowNs));
    return mostNs == LazyAlarm.NEVER ? LazyAlarm.NEVER : nowNs + mostNs;
  }

  /** Takes the one used last; null if there is none. */
  @Nullable Worker poll() {
    Idle last = workers.pollFirst();
    return last == null ? null : last.worker;
  }

  void remove(Worker worker) {
    workers.removeIf(idle -> idle.worker == worker);
  }

  void clear() {
    workers.clear();
  }

  /** Takes those that have been idle for long enough. */
  List<Worker> takeDue(long nowNs) {
    List<Worker> due = new ArrayList<>();
    while (!workers.isEmpty() && nowNs - workers.getLast().sinceNs >= mostNs) {
      due.add(workers.removeLast().worker);
    }
    return due;
  }

  /** When the next one will have been idle for long enough. */
  long nextDueNs() {
    return workers.isEmpty() || mostNs == LazyAlarm.NEVER
        ? LazyAlarm.NEVER
        : workers.getLast().sinceNs + mostNs;
  }
}
