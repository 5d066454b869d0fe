// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import dev.interlock.TaskContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

  /** UTF-8 needs three bytes for a character at most. */
  private static final int LONGEST_PROGRESS_BYTES = 3 * TaskContext.MOST_CHARACTERS;

  private final Worker worker;
  private Rendezvous.@Nullable Channels channels;
  private final ArrayDeque<Assignment> tasks = new ArrayDeque<>();
  private long runningSinceNs;
  private long answered;
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
   * What was in flight when the child ended, oldest first.
   *
   * @param lost what may have been started
   * @param unread what the child cannot have read whole
   * @param unstarted what is known not to have been started
   */
  record Remains(List<Assignment> lost, List<Assignment> unread, List<Assignment> unstarted) {}

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
    worker.alarm().sent(task);
    return true;
  }

  /** How many more tasks the child may be sent until it has had so many as the rule allows. */
  synchronized int tasksLeft(RecycleRule rule) {
    return rule.tasksLeft(answered, tasks.size());
  }

  /** The task gets on; nothing if it does not run there any more. */
  void progress(Frame progress) throws ProtocolException {
    if (progress.payload().length > LONGEST_PROGRESS_BYTES) {
      throw new ProtocolException("a progress of " + progress.payload().length + " bytes");
    }
    Assignment running;
    synchronized (this) {
      running = tasks.peekFirst();
    }
    if (running != null && running.delivery() == progress.id()) {
      String what = new String(progress.payload(), StandardCharsets.UTF_8);
      running.run().progress(what.isEmpty() ? null : what);
    }
  }

  /** Whether tasks with limits of their own wait behind this one. */
  synchronized boolean hasLimitsBehind(Assignment task) {
    return tasks.stream()
        .anyMatch(other -> other != task && !other.run().watch().limits().isNone());
  }

  /** The task whose outcome this is; it is not in flight any more. */
  synchronized Assignment settle(Frame outcome) throws ProtocolException {
    Assignment done = tasks.peekFirst();
    if (outcome.kind() != Frame.Kind.OUTCOME || done == null || done.delivery() != outcome.id()) {
      throw new ProtocolException(
          outcome.kind() + " of " + outcome.id() + ", which nobody has asked for");
    }
    tasks.removeFirst();
    answered++;
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
        worker.alarm().interrupted();
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
    List<Assignment> first = tasks.isEmpty() ? List.of() : List.of(tasks.removeFirst());
    List<Assignment> others = List.copyOf(tasks);
    tasks.clear();
    boolean unread = broken || sendFailed;
    return new Remains(unread ? List.of() : first, unread ? first : List.of(), others);
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
