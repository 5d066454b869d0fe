// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.WorkerCrashedException;
import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.AbstractTaskExecutor;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.Outcome;
import dev.interlock.spi.ScratchDirectory;
import dev.interlock.spi.TaskRun;
import dev.interlock.spi.WorkerScope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool of interpreters.
 *
 * <pre>
 *   submit -> encode -> [feed] inbox -> run -> outbox -> [collector, or who waits] decode -> future
 * </pre>
 *
 * <p>{@link Feed} says which interpreter gets a task. Interpreters are started when none is idle,
 * up to the configured number, each on its own thread.
 *
 * <p><b>Concurrency.</b> One lock, {@code lifecycle}, guards the number of live interpreters; no
 * user code runs under it. Futures are completed by the {@link Collector}, and by a thread that
 * waits for one of them, which takes the collector's place for some microseconds.
 *
 * <p><b>Lifecycle.</b> When no task is left, {@link #stopWorkers} asks the interpreters to end; the
 * collector buries them, and after the last one closes class path and directory.
 */
final class SubinterpreterExecutor extends AbstractTaskExecutor
    implements PoolInterpreter.Host, Collector.Source, Feed.Host {
  private static final Logger log = LoggerFactory.getLogger(SubinterpreterExecutor.class);

  /** A task that takes longer is not waited for by looking. */
  private static final long ASSISTED_NS = TimeUnit.MICROSECONDS.toNanos(20);

  /** How long a thread looks for an outcome before it waits. */
  private static final long ASSISTANCE_NS = TimeUnit.MICROSECONDS.toNanos(50);

  private final SubinterpreterOptions options;
  private final ServingOptions serving;
  private final TaskCodec codec;
  private final byte @Nullable [] initializer;
  private final LogDirectory directory;
  private final ClassSpace space;
  private final Collector collector;

  private final Feed feed = new Feed(this);

  private final Object lifecycle = new Object();
  private int started;
  private volatile int live;
  private volatile boolean stopping;
  private volatile boolean interrupting;

  /** Why no interpreter will come any more. */
  private volatile @Nullable Throwable broken;

  /**
   * Opens the executor; no interpreter is started yet.
   *
   * @throws IOException if the directory or the class path cannot be opened
   */
  SubinterpreterExecutor(ExecutorSettings settings, SubinterpreterOptions options)
      throws IOException {
    super(settings, SubinterpretersProvider.CAPABILITIES);
    this.options = options;
    this.serving = ServingOptions.from(settings.options());
    this.codec = new TaskCodec(ClassSpace.context());
    this.initializer =
        settings.workerInitializer() == null ? null : codec.encode(settings.workerInitializer());
    this.space = ClassSpace.acquire(ClassSpace.application(), options);
    this.collector = new Collector(settings.name() + "-collector", this, this);
    try {
      this.directory =
          new LogDirectory(
              options.directory() == null ? ScratchDirectory.defaultBase() : options.directory());
    } catch (IOException | RuntimeException e) {
      space.release();
      throw e;
    }
  }

  // From submitters.

  @Override
  protected <T extends @Nullable Object> TaskRun<T> prepare(Callable<T> task) {
    return new PoolTask<>(this, codec, task);
  }

  @Override
  protected void enqueue(TaskRun<?> run) {
    feed.add((PoolTask<?>) run);
  }

  @Override
  protected List<TaskRun<?>> drainQueue() {
    return feed.drain();
  }

  /**
   * The current thread is about to wait for the task. If that is short, and it is no thread of an
   * interpreter or of the collector, it looks for the outcome itself for a little while: that saves
   * two threads from waking one after the other.
   */
  void assist(PoolTask<?> awaited) {
    PoolInterpreter interpreter = awaited.interpreter();
    if (interpreter == null
        || interpreter.meanNs() > ASSISTED_NS
        || WorkerScope.current() != null
        || !collector.beginAssisting()) {
      return;
    }
    try {
      long startNs = System.nanoTime();
      while (!awaited.isDone() && System.nanoTime() - startNs < ASSISTANCE_NS) {
        Flight flight = interpreter.receive();
        if (flight == null) {
          Thread.onSpinWait();
        } else if (flight.run == awaited) {
          settle(flight);
        } else {
          collector.post(() -> settle(flight)); // its callbacks are not for this thread to run
        }
      }
    } finally {
      collector.endAssisting();
    }
  }

  @Override
  protected void interruptRunning() {
    interrupting = true;
    feed.interpreters().forEach(PoolInterpreter::interruptTasks);
  }

  @Override
  protected void stopWorkers() {
    boolean nothingStarted;
    synchronized (lifecycle) {
      stopping = true;
      nothingStarted = started == 0;
    }
    if (nothingStarted) {
      finished();
    } else {
      feed.interpreters().forEach(PoolInterpreter::stop);
      collector.ring();
    }
  }

  // From the feed.

  @Override
  public void cannotSend(PoolTask<?> run, IOException cause) {
    collector.post(() -> run.failQueued(cause));
  }

  @Override
  public void startInterpreter() {
    if (live >= settings().workers()) {
      return;
    }
    int number;
    synchronized (lifecycle) {
      if (stopping || live == settings().workers()) {
        return;
      }
      live++;
      number = ++started;
    }
    if (number == 1) {
      collector.start();
    }
    String name = settings().name() + "-interpreter-" + number;
    try {
      // It must not hold the interpreter: a thread that has ended may keep what it was to run.
      InterpreterThread.unstarted(name, () -> live(name)).start();
    } catch (Throwable e) { // out of threads
      cannotStart(name, e);
    }
  }

  // From interpreters.

  /** The life of an interpreter, on its thread. */
  private void live(String name) {
    PoolInterpreter interpreter;
    try {
      Mailboxes queues = new Mailboxes(name, directory, options.byReferenceAbove());
      interpreter = new PoolInterpreter(name, this, this, queues, space.share(), options, serving);
    } catch (Throwable e) {
      cannotStart(name, e);
      return;
    }
    tally().workerStarted();
    feed.add(interpreter);
    if (interrupting) {
      interpreter.interruptTasks();
    }
    if (stopping) {
      interpreter.stop();
    }
    interpreter.end(initializeAndServe(name, interpreter));
  }

  private @Nullable Throwable initializeAndServe(String name, PoolInterpreter interpreter) {
    try {
      byte[] failure = initializer == null ? null : interpreter.initialize(initializer);
      if (failure == null) {
        interpreter.serve();
      } else {
        collector.post(() -> initializerFailed(name, failure));
      }
      return null;
    } catch (LogClosedException e) {
      log.debug("{} ends with its queues: it was stopped, or the JVM ends", name, e);
      return null;
    } catch (Throwable e) { // of the runtime, not of a task
      log.error("{} is lost", name, e);
      return e;
    }
  }

  private void initializerFailed(String name, byte[] failure) {
    Outcome<?> outcome = (Outcome<?>) Objects.requireNonNull(codec.decode(failure));
    breakDown("the worker initializer failed in " + name, outcome.failure());
  }

  private void cannotStart(String name, Throwable cause) {
    collector.post(
        () -> {
          breakDown(name + " cannot be started", cause);
          oneLess();
        });
  }

  private void breakDown(String what, Throwable cause) {
    broken = cause;
    breakExecutor(what, cause);
  }

  @Override
  public void idle(PoolInterpreter interpreter) {
    feed.idle(interpreter);
  }

  @Override
  public void hungry(PoolInterpreter interpreter) {
    feed.hungry(interpreter);
  }

  @Override
  public void collect() {
    collector.ring();
  }

  @Override
  public long collections() {
    return collector.collections();
  }

  @Override
  public void collectorStuckAt(long collections) {
    collector.replaceIfStuckAt(collections);
  }

  /** Those that have been made and not buried. */
  List<PoolInterpreter> interpreters() {
    return List.copyOf(feed.interpreters());
  }

  // From the collector.

  @Override
  public boolean hasNews() {
    for (PoolInterpreter interpreter : feed.interpreters()) {
      if (interpreter.hasNews()) {
        return true;
      }
    }
    return isFinished();
  }

  @Override
  public boolean isFinished() {
    return stopping && live == 0;
  }

  @Override
  public boolean collect(Collector role) {
    boolean any = false;
    for (PoolInterpreter interpreter : feed.interpreters()) {
      boolean ended = interpreter.hasEnded();
      while (role.isCurrent()) {
        Flight flight = interpreter.receive();
        if (flight == null) {
          break;
        }
        role.complete(() -> settle(flight));
        any = true;
      }
      if (ended && role.isCurrent()) {
        bury(interpreter);
        any = true;
      }
    }
    return any;
  }

  private void settle(Flight flight) {
    byte[] outcome = flight.outcome;
    Throwable failure = flight.failure;
    if (failure != null) {
      flight.run.fail(failure);
    } else {
      flight.run.completeWith(codec, Objects.requireNonNull(outcome));
    }
  }

  /** An interpreter has ended, and its outbox is empty. */
  private void bury(PoolInterpreter interpreter) {
    if (!feed.remove(interpreter)) {
      return;
    }
    Throwable cause = interpreter.endedBy();
    List<PoolTask<?>> notBegun = new ArrayList<>();
    for (Flight flight : interpreter.bury()) {
      if (flight.begun) {
        collector.complete(() -> flight.run.fail(crash(flight.run, interpreter.name(), cause)));
      } else {
        notBegun.add(flight.run);
      }
    }
    if (cause == null) {
      tally().workerEnded();
    } else {
      tally().workerLost();
    }
    oneLess();
    Throwable reason = broken;
    if (reason == null) {
      feed.putBack(notBegun);
    } else {
      notBegun.forEach(run -> collector.complete(() -> run.failQueued(reason)));
    }
  }

  private static WorkerCrashedException crash(
      PoolTask<?> run, String name, @Nullable Throwable cause) {
    return new WorkerCrashedException(
        name, run.describe(), cause == null ? "it has ended" : cause.toString(), "");
  }

  private void oneLess() {
    synchronized (lifecycle) {
      live--;
    }
  }

  @Override
  public void finished() {
    space.release();
    try {
      directory.close();
    } catch (IOException e) {
      log.warn("{}: cannot delete the files of its queues", settings().name(), e);
    }
    workersGone();
  }
}
