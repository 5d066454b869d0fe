// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import dev.interlock.WorkerCrashedException;
import dev.interlock.spi.Outcome;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One child JVM, seen from the parent.
 *
 * <pre>
 *            submit -> encode -> Roster's queue
 *                                    |  feed: begin    (from here on cancel does not keep the body from running)
 * PARENT   submitting thread, or     v
 *          this worker's thread:  inFlight (at most one task) -> send
 *                                    |                               cancel(true): any thread
 *          ======================= tasks channel ==================== control channel ==================
 *                                    v                                       v
 * CHILD    main thread: read -> decode, run, encode -> send      watchdog: interrupt by id; halt at its end
 *                                    |
 *          ======================= tasks channel =======================================================
 *                                    v
 * PARENT   this worker's thread: read -> inFlight is empty -> feed the next -> decode, complete the future
 *
 *          two output threads: the child's stdout and stderr -> lines, tagged -> this process's own
 * </pre>
 *
 * <p><b>Lifecycle.</b> This worker's thread lives as long as the child, and does everything in
 * order: start it, meet it, initialize it, read outcomes until the channel ends, await its exit,
 * end the task that it had, leave the roster. The end of the channel is the sign of death; the
 * process's exit confirms it and says why.
 *
 * <p><b>Concurrency.</b> The roster's lock guards the state. This object's monitor guards what is
 * in flight and whether tasks may still be sent; it is held for sends, which do not wait. The two
 * are never held together. User code (callbacks of futures) runs on this thread with neither.
 */
final class Worker implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /** How long a child whose channel has ended may take to exit. */
  private static final Duration EXIT_GRACE = Duration.ofSeconds(1);

  private final ProcessExecutor executor;
  private final Roster roster;
  private final String name;
  private final Thread thread;
  private volatile WorkerState state = WorkerState.SPAWNING;
  private volatile @Nullable ChildProcess child;
  private volatile boolean unwanted;

  // Guarded by this:
  private Rendezvous.@Nullable Channels channels;
  private @Nullable Assignment inFlight;
  private boolean sendFailed;
  private boolean closed;

  /** How the conversation with the child ended. */
  private enum Ending {
    /** The child closed the channel after reading all that was sent. */
    CLOSED,
    /** The connection broke: the child had not read all that was sent. */
    BROKEN,
    /** The child did not follow the protocol, or the parent failed: the child must be killed. */
    UNUSABLE
  }

  Worker(int number, ProcessExecutor executor, Roster roster) {
    this.executor = executor;
    this.roster = roster;
    this.name = "worker-" + number;
    this.thread = new Thread(this, executor.threadName(name));
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  WorkerState state() {
    return state;
  }

  /** For {@link Roster}, under its lock. */
  void setState(WorkerState next) {
    state = next;
  }

  // The worker's thread.

  @Override
  public void run() {
    boolean ready = false;
    Ending ending = Ending.UNUSABLE;
    Throwable problem = null;
    try {
      meet();
      initialize();
      ready = true;
      executor.tally().workerStarted();
      roster.ready(this);
      readOutcomes();
      ending = Ending.CLOSED;
    } catch (ProtocolException | SocketTimeoutException e) {
      problem = e;
    } catch (IOException e) {
      ending = Ending.BROKEN;
      problem = e;
    } catch (Throwable e) { // whatever it is, the child and its task must come to an end
      problem = e;
    }
    if (ending == Ending.UNUSABLE) {
      killChild();
    }
    bury(ready, ending, problem);
  }

  private void meet() throws IOException {
    Deadline deadline = Deadline.after(executor.options().startTimeout());
    try (Rendezvous rendezvous =
        Rendezvous.open(executor.directory(), name, executor.options().maxFrameBytes())) {
      ChildProcess started =
          ChildProcess.start(
              name,
              thread.getName(),
              executor.command().forWorker(name),
              executor.options().output());
      child = started;
      if (unwanted) {
        started.kill();
      }
      started.onExit(rendezvous::wakeup);
      started.tell(rendezvous.launch());
      Rendezvous.Channels met = rendezvous.accept(started::isAlive, deadline);
      if (met == null && started.isAlive()) {
        throw new ProtocolException(
            "it was not ready within interlock.process-pool.start-timeout = " + deadline.limit());
      }
      if (met == null) {
        throw new IOException("it ended before it was ready");
      }
      synchronized (this) {
        channels = met;
      }
    }
  }

  private FrameChannel tasks() throws IOException {
    Rendezvous.Channels met = channels;
    if (met == null) {
      throw new IOException("not connected");
    }
    return met.tasks();
  }

  private void initialize() throws IOException {
    byte[] initializer = executor.initializer();
    if (initializer == null) {
      return;
    }
    tasks().sendFully(new Frame(Frame.Kind.INITIALIZE, 0, initializer));
    Frame answer = tasks().read();
    if (answer == null) {
      throw new InitializerFailure(null);
    }
    Outcome<?> outcome = (Outcome<?>) executor.codec().decode(answer.payload());
    if (outcome == null || !outcome.isSuccess()) {
      throw new InitializerFailure(outcome == null ? null : outcome.failure());
    }
  }

  private void readOutcomes() throws IOException {
    FrameChannel tasks = tasks();
    for (Frame frame = tasks.read(); frame != null; frame = tasks.read()) {
      Assignment done = takeInFlight(frame);
      roster.feed(this); // the child goes on while its last outcome is decoded
      done.run().completeWith(executor.codec(), frame.payload());
    }
  }

  private synchronized Assignment takeInFlight(Frame frame) throws ProtocolException {
    Assignment done = inFlight;
    if (frame.kind() != Frame.Kind.OUTCOME || done == null || done.id() != frame.id()) {
      throw new ProtocolException(
          frame.kind() + " of " + frame.id() + ", which nobody has asked for");
    }
    inFlight = null;
    return done;
  }

  private void bury(boolean ready, Ending ending, @Nullable Throwable problem) {
    boolean asked = unwanted || state == WorkerState.DRAINING;
    roster.dying(this);
    Assignment orphan;
    boolean unread;
    synchronized (this) {
      closed = true;
      orphan = inFlight;
      inFlight = null;
      unread = sendFailed || ending == Ending.BROKEN;
    }
    ChildProcess ended = child;
    if (ended != null) {
      ended.awaitEnd(asked ? executor.options().stopTimeout() : EXIT_GRACE);
    }
    closeChannels();
    String cause = deathCause(ended, ending, problem);
    String lastLines = ended == null ? "" : ended.stderrTail();
    if (!ready) {
      reportStart(cause, lastLines, problem);
    } else if (asked) {
      executor.tally().workerEnded();
    } else {
      executor.tally().workerLost();
    }
    roster.gone(this);
    if (orphan == null) {
      return;
    }
    if (unread && !asked && orphan.mayBeSentAgain()) {
      roster.putBack(orphan);
    } else {
      String task = orphan.run().describe();
      orphan.run().fail(new WorkerCrashedException(describe(), task, cause, lastLines));
    }
  }

  private static String deathCause(
      @Nullable ChildProcess ended, Ending ending, @Nullable Throwable problem) {
    if (ended == null) {
      return String.valueOf(problem == null ? null : problem.getMessage());
    }
    return ending == Ending.UNUSABLE && problem != null
        ? "killed: " + problem.getMessage()
        : ended.deathCause();
  }

  private void reportStart(String cause, String lastLines, @Nullable Throwable problem) {
    if (problem instanceof InitializerFailure failure) {
      Throwable thrown = failure.getCause();
      executor.initializerFailed(
          describe(),
          thrown != null
              ? thrown
              : new WorkerCrashedException(describe(), "the worker initializer", cause, lastLines));
    } else if (!unwanted) {
      executor.startFailed(new StartFailure(describe(), cause, lastLines, problem));
    }
  }

  private void closeChannels() {
    Rendezvous.Channels met;
    synchronized (this) {
      met = channels;
      channels = null;
    }
    if (met != null) {
      try {
        met.close();
      } catch (IOException e) {
        log.debug("The channels of {} did not close well", describe(), e);
      }
    }
  }

  // Any thread.

  /**
   * Sends a begun task, which then belongs to this worker, whatever becomes of it.
   *
   * @return false if this worker takes no more tasks
   */
  synchronized boolean send(Assignment task) {
    Rendezvous.Channels met = channels;
    if (closed || met == null) {
      return false;
    }
    task.deliverTo(this);
    inFlight = task;
    task.run().sent();
    try {
      met.tasks().send(new Frame(Frame.Kind.TASK, task.id(), task.run().capsule()));
    } catch (IOException e) {
      log.debug("{} is gone; its end will put the task back", describe(), e);
      sendFailed = true;
      return true;
    }
    if (task.isInterruptWanted()) {
      cancel(task);
    }
    return true;
  }

  /** Interrupts the task in the child if it is this worker's still. */
  synchronized void cancel(Assignment task) {
    Rendezvous.Channels met = channels;
    if (met == null || inFlight != task) {
      return;
    }
    try {
      if (met.control().send(Frame.bare(Frame.Kind.CANCEL, task.id()))) {
        return;
      }
    } catch (IOException e) {
      log.debug("{} takes no cancellation", describe(), e);
    }
    killChild();
  }

  /** Interrupts whatever task the worker has. */
  synchronized void cancelRunning() {
    Assignment running = inFlight;
    if (running != null) {
      cancel(running);
    }
  }

  /** Asks the child to end; it is killed if it takes too long. */
  synchronized void askToEnd() {
    Rendezvous.Channels met = channels;
    if (met == null) {
      return;
    }
    met.tasks().readUntil(Deadline.after(executor.options().stopTimeout()));
    try {
      met.tasks().send(Frame.bare(Frame.Kind.STOP, 0));
    } catch (IOException e) {
      log.debug("{} has ended already", describe(), e);
    }
  }

  /** Kills the child, now or as soon as it exists. */
  void kill() {
    unwanted = true;
    killChild();
  }

  private void killChild() {
    ChildProcess running = child;
    if (running != null) {
      running.kill();
    }
  }

  /** {@code worker-1 pid 1234}. */
  String describe() {
    ChildProcess known = child;
    return known == null ? name : known.describe();
  }

  @Override
  public String toString() {
    return describe() + " " + state;
  }
}
