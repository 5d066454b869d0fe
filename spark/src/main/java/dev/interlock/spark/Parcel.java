// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.codec.CapsuleRunner;
import dev.interlock.spi.TaskTimer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What travels as one Spark task: mostly one {@link Shipment}. The driver's side.
 *
 * <p><b>States</b> in {@link State}. Spark may launch a task several times: after a lost executor,
 * or after we have killed the first attempt. Only the first launch carries the shipments; later
 * ones carry nothing, come back at once, and the shipments' fate is decided here.
 *
 * <p><b>Concurrency.</b> Its monitor guards its fields. Spark's scheduler thread launches it,
 * Spark's event thread brings the result, the listener thread tells of its end, any thread
 * interrupts it: whoever moves it to {@link State#ENDED} tells the shipments, with nothing held.
 */
final class Parcel {
  /** After an empty launch the listener says why; it may drop events under load. */
  private static final long VERDICT_NS = TimeUnit.SECONDS.toNanos(20);

  private static final int ENOUGH_LOSSES = 3;

  enum State {
    /** With the dispatcher or in Spark's queue; no shipment has begun. */
    WAITING,
    /** Spark has sent it to an executor. */
    LAUNCHED,
    /** The shipments are told. */
    ENDED
  }

  /** How an executor was lost. */
  record Loss(String executorId, String worker, ExitCause cause, boolean alone) {}

  private final SparkExecutor executor;
  private final Lane lane;
  private final List<Shipment> shipments;
  private State state = State.WAITING;
  private List<Shipment> begun = List.of();
  private boolean released;
  private long taskId = -1;
  private String executorId = "";
  private String where = "an executor";
  private @Nullable String wantedEnd;

  Parcel(SparkExecutor executor, Lane lane, List<Shipment> shipments) {
    this.executor = executor;
    this.lane = lane;
    this.shipments = List.copyOf(shipments);
    shipments.forEach(shipment -> shipment.packedIn(this));
  }

  Lane lane() {
    return lane;
  }

  List<Shipment> shipments() {
    return shipments;
  }

  /**
   * Spark's scheduler is about to send it to an executor: what goes. Empty if nothing does: all was
   * cancelled, or was sent before.
   */
  List<Shipment> launch() {
    synchronized (this) {
      if (state != State.WAITING) {
        return List.of();
      }
      List<Shipment> going = new ArrayList<>();
      for (Shipment shipment : shipments) {
        if (shipment.begin()) {
          going.add(shipment);
        }
      }
      if (going.isEmpty()) {
        state = State.ENDED;
        return going;
      }
      state = State.LAUNCHED;
      begun = going;
    }
    for (Shipment shipment : begun) {
      if (executor.launched(shipment)) {
        interrupt();
      }
    }
    return begun;
  }

  /** The listener tells where it runs. */
  void started(long sparkTaskId, String runsIn, String host) {
    String end;
    synchronized (this) {
      if (state != State.LAUNCHED || taskId >= 0) {
        return;
      }
      taskId = sparkTaskId;
      executorId = runsIn;
      where = "executor " + runsIn + " on " + host;
      end = wantedEnd;
    }
    if (end != null) {
      executor.context().kill(sparkTaskId, end);
    }
  }

  synchronized boolean isRunningAs(long sparkTaskId) {
    return state == State.LAUNCHED && taskId == sparkTaskId;
  }

  synchronized boolean isWaiting() {
    return state == State.WAITING;
  }

  /** Interrupts what runs, unless others travel along. */
  void interrupt() {
    end(KillWatch.INTERRUPT);
  }

  /** Interrupts what runs; where that is another process, it ends at once. */
  void kill() {
    end(KillWatch.FORCE);
  }

  private void end(String how) {
    long running;
    synchronized (this) {
      if (state != State.LAUNCHED || (begun.size() > 1 && how.equals(KillWatch.INTERRUPT))) {
        return;
      }
      wantedEnd = how;
      running = taskId;
    }
    if (running >= 0) {
      executor.context().kill(running, how);
    }
  }

  /** Spark brings what the executor returned. On Spark's event thread: nothing is decoded here. */
  void result(byte[] answer) {
    if (answer.length == 0) {
      cameBackEmpty();
      return;
    }
    List<Shipment> done = end();
    release();
    if (!done.isEmpty()) {
      executor.hands().execute(() -> deliver(done, answer));
    }
  }

  private void deliver(List<Shipment> done, byte[] answer) {
    List<byte[]> outcomes;
    try {
      outcomes = Answer.outcomes(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (Answer.isFresh(answer)) {
      executor.workerStarted(executorId());
    }
    if (Answer.isInitializerFailure(answer)) {
      Throwable cause = CapsuleRunner.outcome(executor.codec(), outcomes.get(0)).failure();
      executor.initializerFailed(where(), cause);
      done.forEach(shipment -> shipment.fail(executor.broken(cause)));
      return;
    }
    for (int i = 0; i < done.size(); i++) {
      done.get(i).finish(outcomes.get(i));
    }
  }

  private synchronized String where() {
    return where;
  }

  private synchronized String executorId() {
    return executorId;
  }

  /** A later launch carried nothing. What became of the first one, the listener knows. */
  private void cameBackEmpty() {
    boolean pending;
    synchronized (this) {
      pending = state == State.LAUNCHED;
    }
    if (pending) {
      Future<?> unused = TaskTimer.schedule(VERDICT_NS, this::againUnlessEnded);
    } else {
      release();
    }
  }

  private void againUnlessEnded() {
    List<Shipment> lost = end();
    release();
    lost.forEach(shipment -> shipment.again(true));
  }

  /** Spark has ended the attempt: as we asked, or as somebody else did. */
  void killed() {
    boolean asked;
    synchronized (this) {
      asked = wantedEnd != null;
    }
    List<Shipment> ended = end();
    release();
    if (!ended.isEmpty()) {
      executor
          .hands()
          .execute(
              () -> ended.forEach(asked ? Shipment::killed : shipment -> shipment.again(false)));
    }
  }

  /** The executor that ran it is gone. */
  void lost(Loss loss) {
    boolean asked;
    synchronized (this) {
      asked = wantedEnd != null;
    }
    List<Shipment> lost = end();
    release();
    if (lost.isEmpty()) {
      return;
    }
    executor
        .hands()
        .execute(
            () -> {
              if (asked) {
                lost.forEach(Shipment::killed);
              } else {
                judge(lost, loss);
              }
            });
  }

  /**
   * Who was alone in an executor that ended itself has done it. Who was alone when it was killed
   * from outside, and who was not alone, may have: it runs again when no other suspect does, and
   * has done it if that executor is lost too. If other tasks ran there then, which are no suspects
   * yet, it runs once more.
   */
  private void judge(List<Shipment> lost, Loss loss) {
    if (loss.cause().isOurs()) { // ended because of another task of it, which is known
      lost.forEach(Shipment::lostByForce);
      return;
    }
    for (Shipment shipment : lost) {
      boolean sure = lost.size() == 1 && loss.alone() && loss.cause().isOwnDoing();
      boolean likely =
          shipment.isSuspect() && (loss.alone() || shipment.attempt() >= ENOUGH_LOSSES);
      if (!sure && !likely) {
        shipment.again(true);
      } else {
        int most = shipment.run().watch().limits().maxAttempts();
        String stderr = executor.context().stderrOf(loss.executorId());
        shipment.crashed(loss.worker(), loss.cause().text(), stderr, most);
      }
    }
  }

  /** Spark could not run it. */
  void failed(String why) {
    List<Shipment> failed = end();
    release();
    failAll(failed, task -> "Spark could not run " + task + ": " + why, null);
  }

  /** The job is over, and will bring nothing more. */
  void jobFailed(Throwable why) {
    List<Shipment> failed;
    synchronized (this) {
      failed =
          switch (state) {
            case WAITING -> shipments.stream().filter(Shipment::begin).toList();
            case LAUNCHED -> begun;
            case ENDED -> List.of();
          };
      state = State.ENDED;
    }
    release();
    failAll(failed, task -> "Spark has given up the job of " + task, why);
  }

  /**
   * Fails what Spark does not run.
   *
   * @param message for a task's description
   */
  private void failAll(
      List<Shipment> failed, UnaryOperator<String> message, @Nullable Throwable why) {
    if (!failed.isEmpty()) {
      executor
          .hands()
          .execute(
              () ->
                  failed.forEach(
                      shipment ->
                          shipment.fail(
                              new SparkTaskException(
                                  message.apply(shipment.run().describe()), why))));
    }
  }

  /** Moves on to the end; what had been begun, for the first who comes. */
  private synchronized List<Shipment> end() {
    if (state != State.LAUNCHED) {
      return List.of();
    }
    state = State.ENDED;
    return begun;
  }

  private void release() {
    synchronized (this) {
      if (released) {
        return;
      }
      released = true;
    }
    executor.dispatcher().ended(this);
  }
}
