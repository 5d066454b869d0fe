// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.spi.TaskRun;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The queue: tasks that no worker has, in the order of their submission. Guarded by the roster's
 * lock.
 */
final class Waiting {
  private static final int PURGE_AT_LEAST = 1_024;

  private final ArrayDeque<Assignment> tasks = new ArrayDeque<>();
  private int purgeAt = PURGE_AT_LEAST;

  boolean isEmpty() {
    return tasks.isEmpty();
  }

  int size() {
    return tasks.size();
  }

  void add(Assignment task) {
    if (tasks.size() >= purgeAt) {
      tasks.removeIf(waiting -> waiting.run().isDone());
      purgeAt = Math.max(PURGE_AT_LEAST, 2 * tasks.size());
    }
    tasks.addLast(task);
  }

  /** Puts tasks that were taken before, oldest first, before all others. */
  void addFirst(List<Assignment> taken) {
    for (int i = taken.size() - 1; i >= 0; i--) {
      tasks.addFirst(taken.get(i));
    }
  }

  /**
   * Takes the next tasks for a worker.
   *
   * @param held how many the worker has already; only what is small goes behind others
   * @param share how many it may have of what waits
   */
  List<Assignment> take(int held, int share, Room room) {
    int most = Math.min(Math.min(room.tasks(), share), tasks.size());
    if (most <= 0) {
      return List.of();
    }
    List<Assignment> taken = new ArrayList<>(most);
    int bytes = room.bytes();
    while (taken.size() < most) {
      int length = tasks.getFirst().run().capsule().length;
      bytes -= Ring.recordBytes(length);
      if (held + taken.size() > 0 && (FastPath.isLarge(length) || bytes < 0)) {
        break;
      }
      taken.add(tasks.removeFirst());
    }
    return taken;
  }

  /** Takes all. */
  void drainTo(List<TaskRun<?>> runs) {
    tasks.forEach(task -> runs.add(task.run()));
    tasks.clear();
  }
}
