// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.interlock.TaskExecutor;
import dev.interlock.codec.CapsuleRunner;
import dev.interlock.spi.InterruptSlot;
import dev.interlock.spi.Outcome;
import dev.interlock.spi.PrefetchDepth;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A class loader, a lock, a thread and two mailboxes.
 *
 * <pre>
 *   inbox -> take -> begin -> decode, run, encode (lock held) -> outbox
 *                      ^ from here on, cancel cannot keep the body from running
 * </pre>
 *
 * <p><b>Concurrency.</b> The thread that creates an interpreter is its first; it starts the others,
 * if it is to have several. They run task code, and decode and encode it, one at a time, with the
 * lock held. {@link #send}, {@link #recall}, {@link #stop} and {@link #interruptTasks} come from
 * any thread; {@link #receive} and what follows from the collector and those who assist it.
 *
 * <p><b>Lifecycle.</b> {@code new, initialize, serve, end} on the first thread; then {@link #bury}
 * by the collector, so that a last outcome is never lost.
 */
final class PoolInterpreter {
  private static final Logger log = LoggerFactory.getLogger(PoolInterpreter.class);

  /** After so long with an outcome that nobody takes, the collector is taken for stuck. */
  private static final long STUCK_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private enum State {
    /** Its initializer has not run yet. */
    STARTING,
    /** Takes tasks and runs them. */
    SERVING,
    /** Takes no more tasks, and ends after those that it has. */
    RETIRING,
    /** Its threads run no more code; what is in the outbox can still be received. */
    ENDED
  }

  /** What an interpreter tells its executor, on the interpreter's thread. */
  interface Host {
    /** The inbox is empty: send something, now or later. */
    void idle(PoolInterpreter interpreter);

    /** There is room for more tasks. */
    void hungry(PoolInterpreter interpreter);

    /** There is something to receive, or the interpreter has ended. */
    void collect();

    /** How often something has been collected. */
    long collections();

    /** Nothing has been collected since then, though there was something. */
    void collectorStuckAt(long collections);
  }

  private final String name;
  private final TaskExecutor executor;
  private final Host host;
  private final ServingOptions options;
  private final InterpreterState interpreter;
  private final Mailboxes mailboxes;
  private final List<Server> servers = new CopyOnWriteArrayList<>();
  private final Server first = new Server(Thread.currentThread());

  /** Guarded by the interpreter's lock. */
  private final PrefetchDepth depth;

  private final AtomicLong received = new AtomicLong();
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);
  private volatile boolean interruptAll;
  private volatile @Nullable Throwable endedBy;

  /** One thread, and the task that it runs. */
  private static final class Server {
    final Thread thread;
    final InterruptSlot slot;

    Server(Thread thread) {
      this.thread = thread;
      this.slot = InterruptSlot.ofWorker(thread);
    }
  }

  /** Makes the current thread an interpreter of {@code executor}. */
  PoolInterpreter(
      String name,
      TaskExecutor executor,
      Host host,
      Mailboxes mailboxes,
      ClassSpace space,
      SubinterpreterOptions common,
      ServingOptions options) {
    this.name = name;
    this.executor = executor;
    this.host = host;
    this.mailboxes = mailboxes;
    this.options = options;
    this.depth = new PrefetchDepth(options.prefetch());
    this.interpreter =
        new InterpreterState(Whence.EXECUTOR, name, space, common, () -> busy.get() > 0);
    enter(first);
  }

  /** The current thread runs code of this interpreter from now on. */
  private void enter(Server server) {
    servers.add(server);
    interpreter.enter(executor);
  }

  // On the interpreter's own thread.

  /**
   * Runs an encoded {@link Runnable} before the first task.
   *
   * @return null, or what it has thrown, as an encoded {@link Outcome}
   */
  byte @Nullable [] initialize(byte[] initializer) {
    first.slot.enter(this);
    interpreter.lock();
    try {
      Runnable action = (Runnable) Objects.requireNonNull(interpreter.codec().decode(initializer));
      action.run();
      return null;
    } catch (Throwable e) { // the initializer's own
      return interpreter.codec().encode(Outcome.failure(NativeLibraryException.explain(e)));
    } finally {
      interpreter.unlock();
      first.slot.leave(this);
    }
  }

  /** Runs tasks until {@link #stop}, or until a queue fails; with all its threads. */
  void serve() throws IOException {
    state.compareAndSet(State.STARTING, State.SERVING);
    for (int i = 2; i <= options.threads(); i++) {
      startServer(i);
    }
    try {
      serve(first);
    } finally {
      retire();
      for (Server other : servers) {
        if (other != first) {
          Uninterruptibles.joinUninterruptibly(other.thread);
        }
      }
    }
  }

  private void startServer(int number) {
    InterpreterThread.unstarted(name + "-" + number, this::serveBeside).start();
  }

  private void serveBeside() {
    Server server = new Server(Thread.currentThread());
    enter(server);
    try {
      serve(server);
    } catch (LogClosedException e) {
      log.debug("{} ends with its queues", server.thread.getName(), e);
    } catch (Throwable e) { // of the runtime, not of a task: the first thread meets it as well
      log.error("{} is lost", server.thread.getName(), e);
    } finally {
      mailboxes.stop(); // for the next of the threads: each takes one message to stop
      InterpreterState.leave();
    }
  }

  private void serve(Server server) throws IOException {
    InterruptSlot slot = server.slot;
    for (byte[] message = next(); !Message.isStop(message); message = next()) {
      Flight flight = mailboxes.flight(message);
      slot.enter(flight.run);
      try {
        if (flight.run.begin(slot)) {
          flight.begun = true;
          busy.incrementAndGet();
          fly(flight, mailboxes.capsule(flight, message), server);
          busy.decrementAndGet();
        } else {
          mailboxes.drop(flight);
        }
      } finally {
        // Not earlier: encoding the outcome runs code of the task as well.
        slot.leave(flight.run);
      }
      host.collect();
    }
  }

  private byte[] next() throws IOException {
    host.hungry(this);
    byte[] message = mailboxes.poll();
    if (message != null) {
      return message;
    }
    host.idle(this);
    long idleSinceNs = System.nanoTime();
    while (message == null) {
      long collections = host.collections();
      try {
        message = mailboxes.await(STUCK_NS, options.idleAfterNs());
      } catch (InterruptedException e) {
        log.trace("{}: no task runs, so the interrupt is for none", name, e);
      }
      if (message == null) {
        if (mailboxes.hasOutcomes()) {
          host.collectorStuckAt(collections);
        }
        if (System.nanoTime() - idleSinceNs >= options.idleAfterNs()
            && mailboxes.unfinished() == 0) {
          retire();
        }
      }
    }
    return message;
  }

  private void fly(Flight flight, byte[] capsule, Server server) {
    if (interruptAll) {
      server.slot.interrupt(flight.run);
    }
    server.thread.setContextClassLoader(interpreter.loader());
    byte[] outcome;
    interpreter.lock();
    try {
      ProcessWide before = interpreter.before();
      long startNs = System.nanoTime();
      outcome = CapsuleRunner.run(interpreter.codec(), capsule, NativeLibraryException::explain);
      interpreter.after(before);
      depth.ended(System.nanoTime() - startNs);
    } catch (Throwable e) { // of the codec: what the task throws is an outcome
      mailboxes.fail(flight, e);
      return;
    } finally {
      interpreter.unlock();
    }
    mailboxes.deliver(flight, outcome);
  }

  /**
   * Lets go of all that belongs to the tasks. The last call on this thread.
   *
   * @param cause what ended it, if it was not asked to
   */
  void end(@Nullable Throwable cause) {
    endedBy = cause;
    interpreter.end();
    InterpreterState.leave();
    state.set(State.ENDED);
    host.collect();
  }

  // From any thread.

  String name() {
    return name;
  }

  /** How many more tasks may be sent now. */
  int room() {
    return state.get() == State.SERVING ? depth() - mailboxes.unfinished() : 0;
  }

  private int depth() {
    return Math.max(depth.depth(), options.threads());
  }

  /** What a task takes, rather too long than too short. */
  long meanNs() {
    return depth.meanNs();
  }

  /** Whether a task that is sent now begins at once. */
  boolean isIdle() {
    return state.get() == State.SERVING && mailboxes.unfinished() < options.threads();
  }

  /** How many tasks wait in the inbox. */
  int backlog() {
    return mailboxes.unfinished() - options.threads();
  }

  /**
   * {@link Mailboxes#send}; what arrives after the interpreter has decided to retire comes back at
   * {@link #bury}.
   */
  boolean send(PoolTask<?> run) throws IOException {
    if (state.get() != State.SERVING || !mailboxes.send(run)) {
      return false;
    }
    run.sentTo(this);
    if (received.incrementAndGet() == options.recycleAfterTasks()) {
      retire();
    }
    return true;
  }

  /** {@link Mailboxes#recall}. */
  List<PoolTask<?>> recall() {
    return mailboxes.recall();
  }

  private void retire() {
    if (state.compareAndSet(State.SERVING, State.RETIRING)) {
      mailboxes.stop();
    }
  }

  /** Asks the interpreter to end once its inbox is empty. */
  void stop() {
    mailboxes.stop();
  }

  /** Interrupts the tasks that run now, and those that begin later. */
  void interruptTasks() {
    interruptAll = true;
    servers.forEach(server -> server.slot.interruptOccupant());
  }

  /** Whether task code runs and is not in a blocking call. */
  boolean isLocked() {
    return interpreter.isLocked();
  }

  /** Where tasks of this interpreter find their classes. */
  InterpreterLoader loader() {
    return interpreter.loader();
  }

  // For the collector.

  /** Whether there is something to {@link #receive}, or to {@link #bury}. */
  boolean hasNews() {
    return mailboxes.hasNews() || state.get() == State.ENDED;
  }

  /** The next task that is done; null if there is none now. */
  @Nullable Flight receive() {
    return mailboxes.receive();
  }

  boolean hasEnded() {
    return state.get() == State.ENDED;
  }

  /** What ended it, if it was not asked to. */
  @Nullable Throwable endedBy() {
    return endedBy != null ? endedBy : mailboxes.failure();
  }

  /** After the end: waits for the thread, deletes the queues, returns what they still held. */
  List<Flight> bury() {
    Uninterruptibles.joinUninterruptibly(first.thread);
    return mailboxes.close();
  }

  @Override
  public String toString() {
    return name + " [" + state + ", " + mailboxes + "]";
  }
}
