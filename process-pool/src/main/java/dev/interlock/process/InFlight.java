// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks that one child has been sent and has not answered, oldest first. The child runs them in
 * this order, so the first one is the one that runs.
 *
 * <p><b>Fencing.</b> Each sending of a task has a number of its own, its delivery. Outcomes and
 * cancellations name it, so neither a late outcome nor a late interrupt can hit another task, nor
 * the same task when it is sent again.
 *
 * <p><b>Concurrency.</b> The monitor guards everything. It is held for sends, which do not wait,
 * and never together with the roster's lock. Thread-safe.
 */
final class InFlight {
  private static final Logger log = LoggerFactory.getLogger(InFlight.class);

  private final Worker worker;
  private Rendezvous.@Nullable Channels channels;
  private final ArrayDeque<Assignment> tasks = new ArrayDeque<>();
  private long runningSinceNs;
  private boolean sendFailed;
  private boolean closed;

  /**
   * What the child runs.
   *
   * @param task the task
   * @param sinceNs since when at the latest, by {@link System#nanoTime}
   */
  record Running(Assignment task, long sinceNs) {}

  /**
   * What was in flight when the child ended.
   *
   * @param tasks oldest first; the first one may have been running
   * @param unread whether the child cannot have read the first one whole
   */
  record Remains(List<Assignment> tasks, boolean unread) {}

  InFlight(Worker worker) {
    this.worker = worker;
  }

  /** The child is there: tasks can be sent. */
  synchronized void open(Rendezvous.Channels met) {
    channels = met;
  }

  /**
   * Sends a begun task, which then belongs to this child, whatever becomes of it.
   *
   * @return false if the child takes no more tasks
   */
  synchronized boolean send(Assignment task) {
    Rendezvous.Channels met = channels;
    if (closed || met == null) {
      return false;
    }
    task.deliverTo(worker);
    if (tasks.isEmpty()) {
      runningSinceNs = System.nanoTime();
    }
    tasks.addLast(task);
    task.run().sent();
    try {
      met.tasks().send(new Frame(Frame.Kind.TASK, task.delivery(), task.run().capsule()));
    } catch (IOException e) {
      log.debug("{} is gone; its end will put the task back", worker, e);
      sendFailed = true;
      return true;
    }
    if (task.isInterruptWanted()) {
      interrupt(task);
    }
    return true;
  }

  /** The task whose outcome this is; it is not in flight any more. */
  synchronized Assignment settle(Frame outcome) throws ProtocolException {
    Assignment done = tasks.peekFirst();
    if (outcome.kind() != Frame.Kind.OUTCOME || done == null || done.delivery() != outcome.id()) {
      throw new ProtocolException(
          outcome.kind() + " of " + outcome.id() + ", which nobody has asked for");
    }
    tasks.removeFirst();
    runningSinceNs = System.nanoTime();
    return done;
  }

  /** The task that runs; null if there is none. */
  synchronized @Nullable Running running() {
    Assignment first = tasks.peekFirst();
    return first == null ? null : new Running(first, runningSinceNs);
  }

  /**
   * Takes no more tasks if {@code task} is the one that runs: who is told true may kill the child,
   * and hits no other task. Its outcome may still come before the kill does.
   */
  synchronized boolean condemn(Assignment task) {
    if (tasks.peekFirst() != task) {
      return false;
    }
    closed = true;
    return true;
  }

  /** Interrupts the task in the child if it runs there. */
  synchronized void interrupt(Assignment task) {
    Rendezvous.Channels met = channels;
    if (met == null || tasks.peekFirst() != task) {
      return;
    }
    try {
      if (met.control().send(Frame.bare(Frame.Kind.CANCEL, task.delivery()))) {
        return;
      }
    } catch (IOException e) {
      log.debug("{} takes no cancellation", worker, e);
    }
    worker.killChild();
  }

  /** Interrupts whatever task runs. */
  synchronized void interruptRunning() {
    Assignment running = tasks.peekFirst();
    if (running != null) {
      interrupt(running);
    }
  }

  /** Asks the child to end; its answers are read until the deadline at most. */
  synchronized void askToEnd(Deadline deadline) {
    Rendezvous.Channels met = channels;
    if (met == null) {
      return;
    }
    met.tasks().readUntil(deadline);
    try {
      met.tasks().send(Frame.bare(Frame.Kind.STOP, 0));
    } catch (IOException e) {
      log.debug("{} has ended already", worker, e);
    }
  }

  /**
   * The child has ended, or will: nothing more is sent.
   *
   * @param broken whether the connection broke before the child had read all that was sent
   */
  synchronized Remains close(boolean broken) {
    closed = true;
    List<Assignment> left = List.copyOf(tasks);
    tasks.clear();
    return new Remains(left, broken || sendFailed);
  }

  void closeChannels() {
    Rendezvous.Channels met;
    synchronized (this) {
      met = channels;
      channels = null;
    }
    if (met != null) {
      try {
        met.close();
      } catch (IOException e) {
        log.debug("The channels of {} did not close well", worker, e);
      }
    }
  }
}
