// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.spi.TaskRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Brings the tasks of an executor and its interpreters together.
 *
 * <p>A task goes to an idle interpreter; if there is none, to one that has shown that its tasks are
 * short, in front of others of which it then waits for less than a millisecond; otherwise it waits
 * in {@code pending}. Who brings them together is whoever comes last: the submitter adds to {@code
 * pending} and then looks for an interpreter; an interpreter makes itself seen and then looks at
 * {@code pending}. One that finds nothing there takes half of what the fullest other one has not
 * begun, so a task that turns out to be long holds up none behind it while anybody is idle.
 *
 * <p><b>Concurrency.</b> No locks. {@code idle} may name an interpreter that has been given a task
 * meanwhile: it is asked again before it is used, and adds itself again when it has done that.
 */
final class Feed {
  /** What the feed asks of the executor. */
  interface Host {
    /** Starts one more interpreter, if there may be more; it will come and ask for tasks. */
    void startInterpreter();

    /** The task has found no place: its future fails with that. */
    void cannotSend(PoolTask<?> run, IOException cause);
  }

  private final Host host;
  private final Deque<PoolTask<?>> pending = new ConcurrentLinkedDeque<>();
  private final Deque<PoolInterpreter> idle = new ConcurrentLinkedDeque<>();
  private final List<PoolInterpreter> interpreters = new CopyOnWriteArrayList<>();

  Feed(Host host) {
    this.host = host;
  }

  /** Those that are not buried. */
  List<PoolInterpreter> interpreters() {
    return interpreters;
  }

  /** A new interpreter; it is fed once it says that it is idle. */
  void add(PoolInterpreter interpreter) {
    interpreters.add(interpreter);
  }

  /**
   * An interpreter is no more.
   *
   * @return whether it was there
   */
  boolean remove(PoolInterpreter interpreter) {
    boolean removed = interpreters.remove(interpreter);
    while (idle.remove(interpreter)) {}
    return removed;
  }

  // Tasks come.

  void add(PoolTask<?> run) {
    pending.addLast(run);
    feed();
  }

  /** They were sent to an interpreter that has not begun them, and has ended. */
  void putBack(List<PoolTask<?>> runs) {
    for (int i = runs.size() - 1; i >= 0; i--) {
      pending.addFirst(runs.get(i));
    }
    feed();
  }

  /** Takes out all that no interpreter has. */
  List<TaskRun<?>> drain() {
    List<TaskRun<?>> drained = new ArrayList<>();
    for (TaskRun<?> run = pending.pollFirst(); run != null; run = pending.pollFirst()) {
      drained.add(run);
    }
    return drained;
  }

  // Interpreters come.

  /** The interpreter has nothing to do. */
  void idle(PoolInterpreter interpreter) {
    idle.addFirst(interpreter);
    feed();
    if (interpreter.isIdle()) {
      relieve(interpreter);
    }
  }

  /** The interpreter has ended a task, so there is room for another. */
  void hungry(PoolInterpreter interpreter) {
    while (!pending.isEmpty() && interpreter.room() > 0) {
      PoolTask<?> run = pending.pollFirst();
      if (run == null || !send(run, interpreter)) {
        return;
      }
    }
  }

  private void feed() {
    while (!pending.isEmpty()) {
      PoolInterpreter interpreter = receiver();
      if (interpreter == null) {
        return;
      }
      PoolTask<?> run = pending.pollFirst();
      if (run == null) {
        idle.addFirst(interpreter); // if it was not idle, it is asked again before it is used
      } else {
        send(run, interpreter);
      }
    }
  }

  private @Nullable PoolInterpreter receiver() {
    for (PoolInterpreter next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
      if (next.isIdle()) {
        return next;
      }
    }
    host.startInterpreter();
    PoolInterpreter roomiest = null;
    int most = 0;
    for (PoolInterpreter interpreter : interpreters) {
      int room = interpreter.room();
      if (room > most) {
        roomiest = interpreter;
        most = room;
      }
    }
    return roomiest;
  }

  /** Whether more may be sent; if the interpreter takes none, the task is pending again. */
  private boolean send(PoolTask<?> run, PoolInterpreter interpreter) {
    if (run.isDone()) {
      return true;
    }
    try {
      boolean sent = interpreter.send(run);
      if (!sent) {
        pending.addFirst(run);
      }
      return sent;
    } catch (IOException e) {
      host.cannotSend(run, e);
      return true;
    }
  }

  private void relieve(PoolInterpreter idler) {
    PoolInterpreter fullest = null;
    int least = 0;
    for (PoolInterpreter interpreter : interpreters) {
      int backlog = interpreter.backlog();
      if (interpreter != idler && backlog > least) {
        fullest = interpreter;
        least = backlog;
      }
    }
    if (fullest != null) {
      for (PoolTask<?> run : fullest.recall()) {
        send(run, idler);
      }
    }
  }
}
