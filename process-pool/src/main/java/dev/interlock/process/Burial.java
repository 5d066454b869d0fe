// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.WorkerCrashedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the tasks that a child had when it ended.
 *
 * <ul>
 *   <li>What it had not started goes back to the queue; that was no attempt.
 *   <li>What it cannot have read whole goes back once: a task that kills each child that reads it
 *       must not be sent for ever.
 *   <li>What it may have started is sent again if the task may be tried again, and fails if not.
 * </ul>
 *
 * @param worker the child's name and pid
 * @param cause how it died
 * @param stderrTail the last lines it wrote to stderr
 * @param crashLog the head of the JVM's report on its crash, perhaps empty
 * @param asked whether it was asked to end, or killed on purpose
 */
record Burial(String worker, String cause, String stderrTail, String crashLog, boolean asked) {
  private static final Logger log = LoggerFactory.getLogger(Burial.class);

  /** Fails what must fail, and returns what goes back to the queue, oldest first. */
  List<Assignment> settle(Remains remains) {
    List<Assignment> back = new ArrayList<>();
    for (Assignment task : remains.lost()) {
      if (mayBeTriedAgain(task)) {
        task.crashed(crashOf(task));
        back.add(task);
      } else {
        fail(task);
      }
    }
    for (Assignment task : remains.unread()) {
      if (!asked && task.mayBeSentAgain()) {
        back.add(task);
      } else {
        fail(task);
      }
    }
    back.addAll(remains.unstarted());
    return back;
  }

  private boolean mayBeTriedAgain(Assignment task) {
    return !asked
        && !task.run().isDone()
        && task.attempt() < task.run().watch().limits().maxAttempts();
  }

  private void fail(Assignment task) {
    if (task.run().isDone()) { // cancelled, or timed out
      task.run().fail(new CancellationException());
      return;
    }
    WorkerCrashedException crash = crashOf(task);
    task.earlierCrashes().forEach(crash::addSuppressed);
    if (task.attempt() > 1) {
      log.warn("Poison: {}", crash.getMessage());
    }
    task.run().fail(crash);
  }

  private WorkerCrashedException crashOf(Assignment task) {
    return new WorkerCrashedException(
        worker, task.run().describe(), cause, stderrTail, crashLog, task.attempt());
  }
}
