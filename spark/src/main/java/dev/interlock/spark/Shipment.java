// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.TaskTimeoutException;
import dev.interlock.TaskTimeoutException.Kind;
import dev.interlock.WorkerCrashedException;
import dev.interlock.spi.Interruption;
import dev.interlock.spi.TaskLimits;
import dev.interlock.spi.TaskRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at a task. It travels in a {@link Parcel}, which knows where it is; this knows what
 * becomes of the task. Each of {@link #finish}, {@link #fail}, {@link #crashed} and {@link #again}
 * ends it, and the parcel calls one of them, once. Thread-safe.
 */
final class Shipment implements Interruption {
  private static final Logger log = LoggerFactory.getLogger(Shipment.class);

  private final SparkRun<?> run;
  private final SparkExecutor executor;
  private final int attempt;
  private final boolean suspect;
  private final List<WorkerCrashedException> crashes;
  private volatile @Nullable Parcel parcel;

  /** The first attempt. */
  Shipment(SparkRun<?> run, SparkExecutor executor) {
    this(run, executor, 1, false, List.of());
  }

  private Shipment(
      SparkRun<?> run,
      SparkExecutor executor,
      int attempt,
      boolean suspect,
      List<WorkerCrashedException> crashes) {
    this.run = run;
    this.executor = executor;
    this.attempt = attempt;
    this.suspect = suspect;
    this.crashes = crashes;
  }

  SparkRun<?> run() {
    return run;
  }

  int attempt() {
    return attempt;
  }

  int bytes() {
    return run.capsule().length;
  }

  /** Whether it may have taken an executor down: then it travels when no other suspect does. */
  boolean isSuspect() {
    return suspect;
  }

  /** Whether it may travel with others: a limit, or a suspicion, is for one task. */
  boolean isSociable() {
    return !suspect && !run.isChunk() && run.watch().limits().isNone();
  }

  /** Before it is given to Spark. */
  void packedIn(Parcel travelsIn) {
    parcel = travelsIn;
  }

  /** Spark launches it. False if it was cancelled before: then it does not run. */
  boolean begin() {
    if (!run.begin(this)) {
      return false;
    }
    run.sent();
    return true;
  }

  private void ended() {
    executor.ended(this);
  }

  /** The executor has run it. */
  void finish(byte[] outcome) {
    ended();
    run.completeWith(executor.codec(), outcome);
  }

  /** It has run, or was stopped, and nothing came back. */
  void fail(Throwable why) {
    ended();
    run.fail(why);
  }

  /** The executor says that a limit has passed; it has interrupted the task, or ends. */
  void timedOut(Kind kind, @Nullable String lastProgress) {
    run.progress(lastProgress);
    boolean first = run.abandon(run.watch().late(kind), () -> {});
    log.debug("{}: {} time-out, first to tell: {}", run, kind, first);
  }

  /** Its executor has ended itself for a task that went on for too long: this one, or another. */
  void lostByForce() {
    if (run.watch().limits().hardNs() != TaskLimits.OFF) {
      timedOut(Kind.HARD, null);
    }
    again(false);
  }

  /** It was interrupted and has ended; what it made of that is lost. */
  void killed() {
    fail(new InterruptedException(run.describe() + " was interrupted"));
  }

  /** It has taken its executor down. */
  void crashed(String worker, String cause, String stderr, int mostAttempts) {
    if (attempt < mostAttempts) {
      repeat(true, append(crash(worker, cause, stderr)));
      return;
    }
    WorkerCrashedException last = crash(worker, cause, stderr);
    crashes.forEach(last::addSuppressed);
    fail(last);
  }

  private WorkerCrashedException crash(String worker, String cause, String stderr) {
    return new WorkerCrashedException(worker, run.describe(), cause, stderr, "", attempt);
  }

  private List<WorkerCrashedException> append(WorkerCrashedException crash) {
    List<WorkerCrashedException> all = new ArrayList<>(crashes);
    all.add(crash);
    return List.copyOf(all);
  }

  /** It was lost through no known fault of its own, and runs again. */
  void again(boolean suspected) {
    repeat(suspect || suspected, crashes);
  }

  private void repeat(boolean suspected, List<WorkerCrashedException> known) {
    ended();
    if (run.putBack()) {
      executor.dispatcher().add(new Shipment(run, executor, attempt + 1, suspected, known));
    } else {
      run.fail(new CancellationException(run.describe() + " was lost after it was cancelled"));
    }
  }

  // Interruption.

  @Override
  public void interrupt(Object task) {
    Parcel travelsIn = parcel;
    if (task == run && travelsIn != null) {
      travelsIn.interrupt();
    }
  }

  @Override
  public void stopByForce(TaskRun<?> task, TaskTimeoutException why) {
    if (task == run) {
      run.abandon(why, this::kill);
    }
  }

  /** Ends its executor, where that is another process. */
  void kill() {
    Parcel travelsIn = parcel;
    if (travelsIn != null) {
      travelsIn.kill();
    }
  }
}
