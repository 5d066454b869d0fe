// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.TaskExecutor;
import dev.interlock.codec.CapsuleRunner;
import dev.interlock.codec.EncodedRun;
import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.InterruptSlot;
import dev.interlock.spi.Outcome;
import dev.interlock.spi.WorkerScope;
import dev.interlock.subinterpreter.unload.LoaderCleanup;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A class loader, a lock, a thread and two queues.
 *
 * <pre>
 *   inbox -> take -> begin -> decode, run, encode (lock held) -> outbox
 *                      ^ from here on, cancel cannot keep the body from running
 * </pre>
 *
 * <p><b>Concurrency.</b> The thread that creates an interpreter is its own thread: it alone runs
 * task code, and decodes and encodes it, with the lock held. {@link #send}, {@link #stop} and
 * {@link #interruptTasks} come from any thread; {@link #receive} and what follows from the
 * collector.
 *
 * <p><b>Lifecycle.</b> {@code new, initialize, serve, end} on the own thread; then {@link #bury} by
 * the collector, so that a last outcome is never lost.
 */
final class PoolInterpreter {
  private static final Logger log = LoggerFactory.getLogger(PoolInterpreter.class);

  /** After so long with an outcome that nobody takes, the collector is taken for stuck. */
  private static final long STUCK_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private enum State {
    /** Its initializer has not run yet. */
    STARTING,
    /** Waits for a task. */
    READY,
    /** Runs a task. */
    RUNNING,
    /** Its thread runs no more code; what is in the outbox can still be received. */
    ENDED
  }

  /** What an interpreter tells its executor, on the interpreter's thread. */
  interface Host {
    /** The inbox is empty: send something, now or later. */
    void idle(PoolInterpreter interpreter);

    /** There is something to receive, or the interpreter has ended. */
    void collect();

    /** How often something has been collected. */
    long collections();

    /** Nothing has been collected since then, though there was something. */
    void collectorStuckAt(long collections);
  }

  private final long id;
  private final String name;
  private final Host host;
  private final Thread thread = Thread.currentThread();
  private final InterruptSlot slot = InterruptSlot.ofWorker(thread);
  private final ReentrantLock lock = new ReentrantLock();
  private final InterpreterLoader loader;
  private final TaskCodec codec;
  private final Mailboxes queues;

  private volatile State state = State.STARTING;
  private volatile boolean interruptAll;
  private volatile @Nullable Throwable endedBy;

  /** Makes the current thread an interpreter of {@code executor}. */
  PoolInterpreter(
      String name,
      TaskExecutor executor,
      Host host,
      Mailboxes queues,
      InterpreterLoader loader) {
    this.name = name;
    this.host = host;
    this.queues = queues;
    this.loader = loader;
    this.codec = new TaskCodec(loader);
    thread.setContextClassLoader(loader);
    id = InterpreterTable.add();
    new InterpreterScope(id, executor, lock).bind();
  }

  // On the interpreter's own thread.

  /**
   * Runs an encoded {@link Runnable} before the first task.
   *
   * @return null, or what it has thrown, as an encoded {@link Outcome}
   */
  byte @Nullable [] initialize(byte[] initializer) {
    slot.enter(this);
    lock.lock();
    try {
      Runnable action = (Runnable) Objects.requireNonNull(codec.decode(initializer));
      action.run();
      return null;
    } catch (Throwable e) { // the initializer's own
      return codec.encode(Outcome.failure(e));
    } finally {
      lock.unlock();
      slot.leave(this);
    }
  }

  /** Runs tasks until {@link #stop}, or until a queue fails. */
  void serve() throws IOException {
    moveTo(State.READY);
    for (byte[] message = next(); !Message.isStop(message); message = next()) {
      Flight flight = queues.flight(message);
      slot.enter(flight.run);
      try {
        if (flight.run.begin(slot)) {
          flight.begun = true;
          moveTo(State.RUNNING);
          fly(flight, queues.capsule(flight, message));
          moveTo(State.READY);
        } else {
          queues.drop(flight);
        }
      } finally {
        // Not earlier: encoding the outcome runs code of the task as well.
        slot.leave(flight.run);
      }
      host.collect();
    }
  }

  private byte[] next() throws IOException {
    byte[] message = queues.poll();
    if (message == null) {
      host.idle(this);
    }
    while (message == null) {
      long collections = host.collections();
      try {
        message = queues.await(STUCK_NS);
      } catch (InterruptedException e) {
        log.trace("{}: no task runs, so the interrupt is for none", name, e);
      }
      if (message == null && queues.hasOutcomes()) {
        host.collectorStuckAt(collections);
      }
    }
    return message;
  }

  private void fly(Flight flight, byte[] capsule) {
    if (interruptAll) {
      slot.interrupt(flight.run);
    }
    thread.setContextClassLoader(loader);
    byte[] outcome;
    lock.lock();
    try {
      outcome = CapsuleRunner.run(codec, capsule);
    } catch (Throwable e) { // of the codec: what the task throws is an outcome
      queues.fail(flight, e);
      return;
    } finally {
      lock.unlock();
    }
    queues.deliver(flight, outcome);
  }

  /**
   * Lets go of all that belongs to the tasks. The last call on this thread.
   *
   * @param cause what ended it, if it was not asked to
   */
  void end(@Nullable Throwable cause) {
    endedBy = cause;
    loader.close();
    List<String> left = LoaderCleanup.run(loader);
    if (!left.isEmpty()) {
      log.warn(
          "{} ends, but its tasks leave what keeps its classes in memory: {}. End these in the task"
              + " that starts them.",
          name,
          String.join("; ", left));
    }
    // A future remembers the thread that ran it, and a dead thread its loader.
    thread.setContextClassLoader(PoolInterpreter.class.getClassLoader());
    WorkerScope.unbind();
    InterpreterTable.remove(id);
    moveTo(State.ENDED);
    host.collect();
  }

  // From any thread.

  String name() {
    return name;
  }

  /** {@link Mailboxes#send}. */
  boolean send(EncodedRun<?> run) throws IOException {
    return queues.send(run);
  }

  /** Asks the interpreter to end once its inbox is empty. */
  void stop() {
    queues.stop();
  }

  /** Interrupts the task that runs now, and those that begin later. */
  void interruptTasks() {
    interruptAll = true;
    slot.interruptOccupant();
  }

  /** Whether task code runs and is not in a blocking call. */
  boolean isLocked() {
    return lock.isLocked();
  }

  /** Where tasks of this interpreter find their classes. */
  InterpreterLoader loader() {
    return loader;
  }

  // For the collector.

  /** Whether there is something to {@link #receive}, or to {@link #bury}. */
  boolean hasNews() {
    return queues.hasNews() || state == State.ENDED;
  }

  /** The next task that is done; null if there is none now. */
  @Nullable Flight receive() {
    return queues.receive();
  }

  boolean hasEnded() {
    return state == State.ENDED;
  }

  /** What ended it, if it was not asked to. */
  @Nullable Throwable endedBy() {
    return endedBy != null ? endedBy : queues.failure();
  }

  /** After the end: waits for the thread, deletes the queues, returns what they still held. */
  List<Flight> bury() {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return queues.close();
  }

  private void moveTo(State next) {
    State now = state;
    boolean possible =
        switch (next) {
          case STARTING -> false;
          case READY -> now == State.STARTING || now == State.RUNNING;
          case RUNNING -> now == State.READY;
          case ENDED -> now != State.ENDED;
        };
    if (!possible) {
      throw new IllegalStateException(name + " is " + now + " and cannot become " + next);
    }
    state = next;
  }

  @Override
  public String toString() {
    return name + " [" + state + ", " + queues + "]";
  }
}
