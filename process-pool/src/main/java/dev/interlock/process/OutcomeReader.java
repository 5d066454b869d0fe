// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.TaskFuture;
import dev.interlock.codec.CapsuleRunner;
import dev.interlock.codec.TaskCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what one child answers, feeds the child, and completes the futures.
 *
 * <pre>
 * ring    -> batch -> settle all -> feed once -> decode and complete each
 * socket  -> one frame: a large outcome, a bell, ...
 * </pre>
 *
 * <p>The worker's thread does it ({@link #run}): ring first, and when that is empty, asleep on the
 * child. A thread that waits for the only task in flight may do it for a moment ({@link #assist}).
 *
 * <p><b>Concurrency.</b> {@code lock} guards the ring's reading end and how it is looked at, and
 * makes settling and feeding one step. It is not held while a future is completed. Who holds it may
 * take an {@link InFlight}'s monitor or the roster's lock, nobody the other way round. A helper
 * says that it is awake, so that the child need not ring; before it leaves, it says that the parent
 * sleeps, looks again as {@link Ring} demands, and wakes the worker's thread if something has come:
 * so it does not matter what that thread was doing meanwhile.
 */
final class OutcomeReader {
  private static final Logger log = LoggerFactory.getLogger(OutcomeReader.class);
  private static final int BATCH = 256;

  /** No task waits in a child behind one that runs for longer. */
  private static final long WATCH_NS = 4_000_000;

  /** The socket is looked at this often while the ring never gets empty. */
  private static final long SOCKET_LOOK_NS = 10_000_000;

  /** A waiting thread helps for so long. */
  private static final long ASSIST_NS = 60_000;

  /** Callbacks that wait, on top of each other; the next one waits without reading. */
  private static final int MOST_NESTED = 64;

  /** The reader of the current thread, if it is a worker's. */
  private static final ThreadLocal<@Nullable OutcomeReader> OWN = new ThreadLocal<>();

  private final Worker worker;
  private final Roster roster;
  private final InFlight inFlight;
  private final ParentEnd child;
  private final TaskCodec codec;
  private final ProcessExecutor executor;
  private final ReentrantLock lock = new ReentrantLock();
  private final SpinWait looks = new SpinWait();
  private @Nullable RingFile ringFile;
  private boolean askedToAttach;
  private @Nullable Frame early;
  private long lookedNs = System.nanoTime();
  private volatile boolean asleep;

  /** Callbacks of a task that came by the socket run: the next one's begin is not read. */
  private volatile boolean deaf;

  /**
   * Settled and not completed yet; the worker's thread's own. A callback may wait and go on here.
   */
  private final ArrayDeque<Result> settled = new ArrayDeque<>();

  private int nesting;
  private @Nullable IOException nestedFailure;
  private volatile @Nullable ProtocolException problem;

  @SuppressWarnings("ArrayRecordComponent") // results are not compared
  private record Result(Assignment task, byte[] outcome) {}

  OutcomeReader(Worker worker, Roster roster, ParentEnd child, ProcessExecutor executor) {
    this.worker = worker;
    this.roster = roster;
    this.inFlight = worker.inFlight();
    this.child = child;
    this.executor = executor;
    this.codec = executor.codec();
  }

  /**
   * Reads until the child ends the conversation.
   *
   * @throws ProtocolException if the child does not follow the protocol
   * @throws IOException if the connection broke
   */
  void run() throws IOException {
    OWN.set(this);
    try {
      converse();
    } catch (ProtocolException e) {
      throw e;
    } catch (IOException e) {
      readRest();
      throw e;
    } finally {
      OWN.remove();
      forgetRingFile();
      settled.forEach(this::complete);
    }
    readRest();
    ProtocolException seenByHelper = problem;
    if (seenByHelper != null) {
      throw seenByHelper;
    }
  }

  private void converse() throws IOException {
    while (step()) {
      IOException nested = nestedFailure;
      if (nested != null) {
        throw nested;
      }
    }
  }

  /** Completes one future, or takes what there is, or waits for it; false at the end. */
  private boolean step() throws IOException {
    Result next = settled.poll();
    if (next != null) {
      complete(next);
      return true;
    }
    long limitNs = FrameChannel.NO_LIMIT;
    FastPath path = inFlight.fastPath();
    if (path != null) {
      if (!takeFromRing(path)) {
        limitNs = limitOfWait();
      } else if (System.nanoTime() - lookedNs < SOCKET_LOOK_NS) {
        return true;
      } else {
        limitNs = 0;
      }
    }
    boolean comes = child.awaitInput(limitNs);
    asleep = false;
    lookedNs = System.nanoTime();
    if (path != null) {
      path.outcomes().wakeUp();
    }
    if (!comes) {
      roster.giveBack(worker, inFlight.recallBehind(WATCH_NS));
      return true;
    }
    Frame frame = child.read();
    if (frame == null) {
      return false;
    }
    handle(frame, path);
    return true;
  }

  /** Who sends several tasks looks at {@code asleep} afterwards: one of the two sees the other. */
  private long limitOfWait() {
    asleep = true;
    return inFlight.mayHoldUnstarted() ? WATCH_NS : FrameChannel.NO_LIMIT;
  }

  /** Several tasks were sent: should the first one turn out long, the others are taken back. */
  void watch() {
    if (asleep) {
      child.wakeup();
    }
  }

  /** Whether it may be that what the child says is not read for now. */
  boolean isDeaf() {
    return deaf;
  }

  private void handle(Frame frame, @Nullable FastPath path) throws IOException {
    switch (frame.kind()) {
      case OUTCOME -> {
        if (path == null || !inFlight.isFirstInRing()) {
          takeFromSocket(frame);
        } else if (early == null) {
          early = frame; // its record is in the ring, or should be
        } else {
          throw new ProtocolException("two outcomes at once");
        }
      }
      case BELL -> {} // its sender has written to the ring
      case BEGUN -> inFlight.begins(frame.id());
      case PROGRESS -> inFlight.progress(frame);
      case ATTACHED -> attached();
      case REFUSED -> {
        log.debug("{}: {}", worker, new String(frame.payload(), StandardCharsets.UTF_8));
        forgetRingFile();
      }
      default -> throw new ProtocolException("an unexpected " + frame.kind());
    }
  }

  // Outcomes by the socket, and the way from there to the ring.

  @SuppressWarnings("ThreadPriorityCheck") // it may be: the processor that it woke is this one
  private void takeFromSocket(Frame frame) throws IOException {
    Assignment done;
    lock.lock();
    try {
      done = inFlight.settle(frame.id());
      roster.feed(worker, 1); // the child goes on while its last outcome is decoded
    } finally {
      lock.unlock();
    }
    deaf = true;
    complete(new Result(done, frame.payload()));
    deaf = false;
    if (executor.folders().buffersIfMade() == null) {
      Thread.yield(); // who has waited for the outcome may be behind this thread
    }
    worker.tellBuffers(executor.folders().buffers());
    if (inFlight.wantsRing()) {
      try {
        ringFile = RingFile.create(executor.folders().scratch());
      } catch (IOException e) {
        log.debug("{} stays with the socket", worker, e);
      }
    }
    if (ringFile != null && !askedToAttach) {
      askedToAttach = inFlight.askToAttach(ringFile.path());
    }
  }

  private void attached() throws IOException {
    RingFile file = ringFile;
    if (file == null || !askedToAttach || inFlight.fastPath() != null) {
      throw new ProtocolException("an unexpected ATTACHED");
    }
    inFlight.attached(new FastPath(file.memory()));
    forgetRingFile();
  }

  private void forgetRingFile() {
    if (ringFile != null) {
      try {
        ringFile.close();
      } catch (IOException e) {
        log.warn("Cannot delete {}", ringFile.path(), e);
      }
      ringFile = null;
    }
  }

  // Outcomes by the ring.

  /** Takes what is there; false if there was nothing, and a bell comes for the next one. */
  private boolean takeFromRing(FastPath path) throws IOException {
    lock.lock();
    try {
      int ended = poll(path.outcomes());
      if (ended == 0) {
        return !path.outcomes().fallAsleep();
      }
      if (path.outcomes().wakesWriter()) {
        inFlight.ring();
      }
      roster.feed(worker, ended);
    } finally {
      lock.unlock();
    }
    return true;
  }

  /** Settles what is there; whatever happens, what was settled will be completed. */
  private int poll(RingReader ring) throws IOException {
    int ended = 0;
    long nowNs = System.nanoTime();
    while (ended < BATCH && ring.next()) {
      byte[] outcome;
      if (!ring.isElsewhere()) {
        outcome = ring.payload();
      } else if (ended == 0) {
        outcome = large(ring.id());
      } else {
        break; // what is there must not wait for the socket
      }
      settled.add(new Result(settle(ring, nowNs), outcome));
      ring.release();
      ended++;
    }
    return ended;
  }

  private Assignment settle(RingReader ring, long nowNs) throws ProtocolException {
    return inFlight.settle(ring.id(), Integer.toUnsignedLong(ring.word()), nowNs);
  }

  /** The outcome of a record whose payload comes by the child. */
  private byte[] large(long id) throws IOException {
    while (early == null) {
      Frame frame = child.read();
      if (frame == null) {
        throw new IOException("the connection ended in the middle of an outcome");
      }
      handle(frame, inFlight.fastPath());
    }
    Frame frame = early;
    early = null;
    if (frame.id() != id) {
      throw new ProtocolException("an outcome of " + frame.id() + " in place of " + id);
    }
    return frame.payload();
  }

  /** The child is gone: what it had put into the ring before still counts. */
  private void readRest() throws ProtocolException {
    FastPath path = inFlight.fastPath();
    if (path == null) {
      return;
    }
    RingReader ring = path.outcomes();
    List<Result> rest = new ArrayList<>();
    lock.lock();
    try {
      while (ring.next() && !ring.isElsewhere()) {
        rest.add(new Result(settle(ring, System.nanoTime()), ring.payload()));
        ring.release();
      }
    } finally {
      lock.unlock();
      rest.forEach(this::complete);
    }
  }

  private void complete(Result result) {
    SideFolder buffers = executor.folders().buffersIfMade();
    Assignment task = result.task();
    byte[] outcome = result.outcome();
    if (buffers == null || CapsuleRunner.isSmall(outcome)) {
      task.run().completeWith(codec, outcome);
      return;
    }
    SideReader apart = buffers.ofOutcome(worker.name(), task.delivery(), outcome.length);
    task.run().completeWith(codec, outcome, apart);
    if (apart.readBytes() > 0) {
      executor.tally().encoded(apart.readBytes());
    }
  }

  // A thread that waits.

  /**
   * Called before a wait for a task. If the current thread is a worker's, in a callback, it reads
   * on until the task is done: the task, or one before it, may be in its own child.
   */
  static void readWhileWaitingFor(TaskFuture<?> awaited) {
    OutcomeReader own = OWN.get();
    if (own != null && own.nesting < MOST_NESTED) {
      own.readUntilDone(awaited);
    }
  }

  private void readUntilDone(TaskFuture<?> awaited) {
    nesting++;
    boolean wasDeaf = deaf;
    deaf = false;
    try {
      awaited.addListener(child::wakeup, Runnable::run);
      while (!awaited.isDone() && step()) {
        // what it waits for comes here, or from another worker
      }
    } catch (IOException e) {
      nestedFailure = e;
    } finally {
      deaf = wasDeaf;
      nesting--;
    }
  }

  /**
   * Called by a thread that is about to wait for {@code task}: looks for its outcome for some
   * microseconds, if the child spins and so is likely to have it soon. Futures with dependents are
   * left to the worker's thread.
   */
  void assist(Assignment task) {
    FastPath path = inFlight.fastPath();
    if (path == null
        || !inFlight.isWorthLooking(task)
        || task.run().isAwaited()
        || !lock.tryLock()) {
      return;
    }
    Result result = null;
    try {
      path.outcomes().wakeUp();
      result = spinFor(task, path.outcomes());
      inFlight.assisted(path, result == null);
      if (!path.outcomes().fallAsleep()) {
        child.wakeup();
      }
    } catch (ProtocolException e) {
      problem = e;
      worker.killChild();
    } finally {
      lock.unlock();
    }
    if (result != null) {
      complete(result);
    }
  }

  private @Nullable Result spinFor(Assignment task, RingReader ring) throws ProtocolException {
    looks.begin();
    do {
      if (ring.next()) {
        looks.found();
        if (ring.isElsewhere()) {
          return null;
        }
        Result result = new Result(settle(ring, System.nanoTime()), ring.payload());
        ring.release();
        roster.feed(worker, 1);
        return result;
      }
      looks.pause();
    } while (!task.run().isDone() && looks.elapsedNs() < ASSIST_NS);
    return null;
  }
}
