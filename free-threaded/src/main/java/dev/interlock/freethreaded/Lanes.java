// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.spi.Tally;
import java.util.ArrayList;
import java.util.List;

/** All lanes of an executor, and the tasks that are queued on them. Thread-safe, lock-free. */
final class Lanes {
  private final Lane[] lanes;

  Lanes(int count, Tally tally) {
    lanes = new Lane[count];
    for (int i = 0; i < count; i++) {
      lanes[i] = new Lane(i, tally.newStripe());
    }
  }

  int count() {
    return lanes.length;
  }

  Lane get(int index) {
    return lanes[index];
  }

  /** A thread keeps to one inbox, so that its tasks start in order. */
  Lane ofThread() {
    long scattered = Thread.currentThread().getId() * 0x9E3779B97F4A7C15L;
    return lanes[(int) (scattered >>> 33) % lanes.length];
  }

  boolean isTaskQueued() {
    for (Lane lane : lanes) {
      if (!lane.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  long submitted() {
    long sum = 0;
    for (Lane lane : lanes) {
      sum += lane.inbox.offered() + lane.forks.pushed();
    }
    return sum;
  }

  /** Lets no task in from outside any more. */
  void close() {
    for (Lane lane : lanes) {
      lane.inbox.close();
    }
  }

  /** Takes all tasks out. */
  List<Runnable> drain() {
    List<Runnable> drained = new ArrayList<>();
    for (Lane lane : lanes) {
      for (Runnable task = lane.oldest(); task != null; task = lane.oldest()) {
        drained.add(task);
      }
    }
    return drained;
  }
}
