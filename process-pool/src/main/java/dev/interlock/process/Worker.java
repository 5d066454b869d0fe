// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import dev.interlock.WorkerCrashedException;
import dev.interlock.codec.CapsuleRunner;
import dev.interlock.spi.Outcome;
import dev.interlock.spi.TaskLimits;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One child JVM, seen from the parent.
 *
 * <pre>
 *            submit -> encode -> Roster's queue
 *                                    |  feed: begin, claim OFFERED
 * PARENT   submitting thread, or     v
 *          this worker's thread:  InFlight -> send         cancel: take back, or interrupt; any thread
 *                                    |                               |
 *          ============ ring, or tasks channel ================ control channel ==================
 *                                    v                               v
 * CHILD    main thread: claim TAKEN -> decode, run, encode   watchdog: interrupt by id; halt at its end
 *                                    |     (from TAKEN on, cancel does not keep the body from running)
 *          ============ ring, or tasks channel ===================================================
 *                                    v
 * PARENT   OutcomeReader: settle -> feed the next -> decode, complete the future
 *
 *          two output threads: the child's stdout and stderr -> lines, tagged -> this process's own
 * </pre>
 *
 * <p><b>Lifecycle.</b> This worker's thread lives as long as the child, and does everything in
 * order: start it, meet it, initialize it, read outcomes until the channel ends, await its exit,
 * end the task that it had, leave the roster. The end of the channel is the sign of death; the
 * process's exit confirms it and says why.
 *
 * <p><b>Concurrency.</b> The roster's lock guards the state, {@link InFlight} what the child has
 * been sent. User code (callbacks of futures) runs on this thread with no lock held.
 */
final class Worker implements Runnable, ChildOwner {
  /** How long a child whose channel has ended may take to exit. */
  private static final Duration EXIT_GRACE = Duration.ofSeconds(1);

  private final ProcessExecutor executor;
  private final Roster roster;
  private final String name;
  private final Thread thread;
  private volatile WorkerState state = WorkerState.SPAWNING;
  private volatile @Nullable ChildProcess child;
  private final Load load = new Load();
  private final InFlight inFlight;
  private final HeadAlarm alarm;
  private final RecycleRule recycling;
  private volatile @Nullable OutcomeReader reader;
  private volatile boolean unwanted;
  private volatile boolean condemned;
  private volatile long startedNs;

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
    this.recycling = new RecycleRule(executor.options().recycle());
    this.inFlight = new InFlight(this, executor.options().transport(), recycling);
    this.alarm =
        new HeadAlarm(
            this,
            inFlight,
            executor.options().startTimeout().toNanos(),
            executor.options().killAfter().map(Duration::toNanos).orElse(TaskLimits.OFF));
    this.thread = new Thread(this, executor.threadName(name));
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  WorkerState state() {
    return state;
  }

  /** For {@link Crew}, under the roster's lock. */
  void setState(WorkerState next) {
    state = next;
  }

  /** For {@link Roster}, under its lock. */
  Load load() {
    return load;
  }

  /**
   * For {@link Crew}, under the roster's lock: has no task, and will take one as soon as it can.
   */
  boolean isFree() {
    return state == WorkerState.BUSY && load.isFree();
  }

  /**
   * For {@link Crew}, under the roster's lock: how long the tasks behind the first one may take.
   */
  long waitingNs() {
    return (load.tasks() - 1) * inFlight.meanTaskNs();
  }

  // The worker's thread.

  @Override
  public void run() {
    boolean ready = false;
    Ending ending = Ending.UNUSABLE;
    Throwable problem = null;
    startedNs = System.nanoTime();
    try {
      ParentEnd end = meet();
      OutcomeReader outcomes = new OutcomeReader(this, roster, end, executor);
      reader = outcomes;
      boolean early = startsEarly(end);
      if (!early) {
        connect(end);
        initialize(end.tasks());
      }
      ready = true;
      executor.tally().workerStarted();
      if (early) {
        roster.feed(this, 0);
      } else {
        roster.ready(this);
      }
      outcomes.run();
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

  private ParentEnd meet() throws IOException {
    StartedChild met =
        executor.children().take(this, Deadline.after(executor.options().startTimeout()));
    inFlight.open(met.end());
    return met.end();
  }

  /** Whether a task waits that may run before the sockets are there. */
  private boolean startsEarly(ParentEnd end) {
    if (end.channels() != null || executor.initializer() != null || !roster.readyEarly(this)) {
      return false;
    }
    end.whenConnected(
        met -> {
          inFlight.connected(met);
          tellBuffers(executor.folders().buffersIfMade());
          roster.connected(this);
        });
    return true;
  }

  private void connect(ParentEnd end) throws IOException {
    boolean met = end.channels() != null;
    if (!met && !end.connect()) {
      throw new IOException("it ended before it was ready");
    }
    inFlight.connected(end.sockets());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String threadName() {
    return thread.getName();
  }

  @Override
  public void started(ChildProcess started) {
    child = started;
    if (unwanted) {
      started.kill();
    }
  }

  @Override
  public boolean isUnwanted() {
    return unwanted;
  }

  @Override
  public void whileItBoots() {
    executor.folders().buffers();
  }

  private void initialize(FrameChannel tasks) throws IOException {
    tellBuffers(executor.folders().buffersIfMade());
    byte[] initializer = executor.initializer();
    if (initializer == null) {
      return;
    }
    tasks.sendFully(new Frame(Frame.Kind.INITIALIZE, 0, initializer));
    Frame answer = tasks.read();
    if (answer == null) {
      throw new InitializerFailure(null);
    }
    Outcome<?> outcome = CapsuleRunner.outcome(executor.codec(), answer.payload());
    if (!outcome.isSuccess()) {
      throw new InitializerFailure(outcome.failure());
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // it may be: the processor that it woke is this one
  private void bury(boolean ready, Ending ending, @Nullable Throwable problem) {
    boolean asked = unwanted || condemned || state == WorkerState.DRAINING;
    roster.dying(this);
    alarm.close();
    Remains remains = inFlight.close(ending == Ending.BROKEN);
    ChildProcess ended = child;
    if (ended != null) {
      ended.awaitEnd(asked ? executor.options().stopTimeout() : EXIT_GRACE);
    }
    String lastLines = ended == null ? "" : ended.stderrTail();
    String crashLog = ended == null ? "" : ended.crashLog();
    String cause = CrashLog.deathCause(crashLog, deathCause(ended, ending, problem));
    if (!ready) {
      reportStart(cause, lastLines, problem);
    } else if (asked) {
      executor.tally().workerEnded();
    } else {
      executor.tally().workerLost();
    }
    roster.gone(this);
    try {
      roster.putBack(new Burial(describe(), cause, lastLines, crashLog, asked).settle(remains));
    } finally {
      Thread.yield(); // who has waited for the tasks may be behind this thread
      inFlight.closeChannels();
      forgetBuffersOf(remains);
    }
  }

  /** The child has ended: what it may have written of an outcome that it has not sent. */
  private void forgetBuffersOf(Remains remains) {
    SideFolder buffers = executor.folders().buffersIfMade();
    if (buffers != null) {
      remains.lost().forEach(task -> buffers.forgetOutcome(name, task.delivery()));
      buffers.forgetSpare(name);
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
      executor.startFailed(new StartFailure(describe(), cause, lastLines, problem), startedNs);
    }
  }

  // Any thread.

  /** What the child has been sent. */
  InFlight inFlight() {
    return inFlight;
  }

  /** Where large buffers are, if there is such a place by now. */
  @Nullable SideFolder buffersIfMade() {
    return executor.folders().buffersIfMade();
  }

  /** Tells the child where large buffers are, if it does not know. */
  void tellBuffers(@Nullable SideFolder buffers) {
    if (buffers != null) {
      inFlight.tellBuffers(buffers);
    }
  }

  /** Keeps what the child runs to its limits. */
  HeadAlarm alarm() {
    return alarm;
  }

  /** Whether the child has served its time, and should get no more tasks; may read a file. */
  boolean isWornOut() {
    ChildProcess running = child;
    return !recycling.isOff()
        && running != null
        && (inFlight.tasksLeft() == 0 || recycling.isTooLarge(running));
  }

  /** Whether it may be that what the child says is not read for now. */
  boolean isDeaf() {
    OutcomeReader outcomes = reader;
    return outcomes != null && outcomes.isDeaf();
  }

  /** It is about to be killed because of what it runs, and has the executor's leave to die. */
  void condemned() {
    condemned = true;
  }

  /** The task is cancelled, wherever it is now. */
  void cancel(Assignment task, boolean mayInterrupt) {
    if (inFlight.cancel(task, mayInterrupt)) {
      roster.giveBack(this, List.of(task));
    }
  }

  /** The child has been sent these tasks, and will not start them. */
  void giveBack(List<Assignment> unstarted) {
    roster.giveBack(this, unstarted);
  }

  /** Several tasks were sent: should the first one turn out long, the others are taken back. */
  void watch() {
    OutcomeReader outcomes = reader;
    if (outcomes != null) {
      outcomes.watch();
    }
  }

  /** The current thread is about to wait for this task. */
  void assist(Assignment task) {
    OutcomeReader outcomes = reader;
    if (outcomes != null) {
      outcomes.assist(task);
    }
  }

  /** Asks the child to end; it is killed if it takes too long. */
  void askToEnd() {
    inFlight.askToEnd(Deadline.after(executor.options().stopTimeout()));
  }

  /** Kills the child, now or as soon as it exists. */
  void kill() {
    unwanted = true;
    killChild();
  }

  /** Kills the child if it has started. */
  void killChild() {
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
