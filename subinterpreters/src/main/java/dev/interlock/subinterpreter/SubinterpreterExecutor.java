// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.WorkerCrashedException;
import dev.interlock.codec.EncodedRun;
import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.AbstractTaskExecutor;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.Outcome;
import dev.interlock.spi.ScratchDirectory;
import dev.interlock.spi.Strategies;
import dev.interlock.spi.TaskRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool of interpreters.
 *
 * <pre>
 *   submit -> encode -> pending -> [idle interpreter] inbox -> run -> outbox -> [collector] decode -> future
 * </pre>
 *
 * <p><b>Feeding.</b> A task waits in {@code pending} until an interpreter is idle, so that a slow
 * task holds up none behind it. Who brings the two together is whoever comes last: the submitter
 * adds to {@code pending} and then looks for an idle interpreter; an interpreter adds itself to
 * {@code idle} and then looks for pending tasks. Interpreters are started when none is idle, up to
 * the configured number, each on its own thread.
 *
 * <p><b>Concurrency.</b> One lock, {@code lifecycle}, guards the number of live interpreters; no
 * user code runs under it. Futures are completed by the {@link Collector} alone.
 *
 * <p><b>Lifecycle.</b> When no task is left, {@link #stopWorkers} asks the interpreters to end; the
 * collector buries them, and after the last one closes class path and directory.
 */
final class SubinterpreterExecutor extends AbstractTaskExecutor
    implements PoolInterpreter.Host, Collector.Source {
  private static final Logger log = LoggerFactory.getLogger(SubinterpreterExecutor.class);

  private final SubinterpreterOptions options;
  private final TaskCodec codec;
  private final byte @Nullable [] initializer;
  private final LogDirectory directory;
  private final ClassPathIndex classPath;
  private final SharedPackages shared;
  private final Collector collector;

  private final Deque<EncodedRun<?>> pending = new ConcurrentLinkedDeque<>();
  private final Deque<PoolInterpreter> idle = new ConcurrentLinkedDeque<>();
  private final List<PoolInterpreter> interpreters = new CopyOnWriteArrayList<>();

  private final Object lifecycle = new Object();
  private int started;
  private volatile int live;
  private volatile boolean stopping;
  private volatile boolean interrupting;

  /**
   * Opens the executor; no interpreter is started yet.
   *
   * @throws IOException if the directory or the class path cannot be opened
   */
  SubinterpreterExecutor(ExecutorSettings settings, SubinterpreterOptions options)
      throws IOException {
    super(settings, SubinterpretersProvider.CAPABILITIES);
    this.options = options;
    ClassLoader application = application();
    this.codec = new TaskCodec(application);
    this.initializer =
        settings.workerInitializer() == null ? null : codec.encode(settings.workerInitializer());
    this.shared = new SharedPackages(application, strategies(), options.sharedPackages());
    this.classPath = new ClassPathIndex(ClassPath.of(application));
    this.collector = new Collector(settings.name() + "-collector", this, this);
    try {
      this.directory =
          new LogDirectory(
              options.directory() == null ? ScratchDirectory.defaultBase() : options.directory());
    } catch (IOException | RuntimeException e) {
      classPath.close();
      throw e;
    }
  }

  private static ClassLoader application() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context != null
        ? context
        : Objects.requireNonNull(SubinterpreterExecutor.class.getClassLoader());
  }

  private static Set<String> strategies() {
    return Strategies.find().all().stream()
        .map(ExecutorProvider::getClass)
        .map(Class::getPackageName)
        .collect(Collectors.toSet());
  }

  // From submitters.

  @Override
  protected <T extends @Nullable Object> TaskRun<T> prepare(Callable<T> task) {
    return new EncodedRun<>(this, codec, task);
  }

  @Override
  protected void enqueue(TaskRun<?> run) {
    pending.addLast((EncodedRun<?>) run);
    feed();
  }

  /** Brings pending tasks and idle interpreters together, as long as there are both. */
  private void feed() {
    while (!pending.isEmpty()) {
      PoolInterpreter interpreter = idle.pollFirst();
      if (interpreter == null) {
        startInterpreter();
        return;
      }
      EncodedRun<?> run = pending.pollFirst();
      if (run == null || run.isDone()) {
        idle.addFirst(interpreter);
      } else {
        send(run, interpreter);
      }
    }
  }

  private void send(EncodedRun<?> run, PoolInterpreter interpreter) {
    try {
      if (!interpreter.send(run)) {
        pending.addFirst(run);
      }
    } catch (IOException e) {
      idle.addFirst(interpreter);
      collector.post(() -> run.failQueued(e));
    }
  }

  @Override
  protected List<TaskRun<?>> drainQueue() {
    List<TaskRun<?>> drained = new ArrayList<>();
    for (TaskRun<?> run = pending.pollFirst(); run != null; run = pending.pollFirst()) {
      drained.add(run);
    }
    return drained;
  }

  @Override
  protected void interruptRunning() {
    interrupting = true;
    interpreters.forEach(PoolInterpreter::interruptTasks);
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
      interpreters.forEach(PoolInterpreter::stop);
      collector.ring();
    }
  }

  // From interpreters.

  private void startInterpreter() {
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
      Thread thread = new Thread(null, () -> live(name), name, 0, false);
      thread.setDaemon(true);
      // It may be another interpreter that starts this one, whose loader must not be inherited.
      thread.setContextClassLoader(SubinterpreterExecutor.class.getClassLoader());
      thread.start();
    } catch (Throwable e) { // out of threads
      cannotStart(name, e);
    }
  }

  /** The life of an interpreter, on its thread. */
  private void live(String name) {
    PoolInterpreter interpreter;
    try {
      Mailboxes queues = new Mailboxes(name, directory, options.byReferenceAbove());
      interpreter =
          new PoolInterpreter(
              name, this, this, queues, new InterpreterLoader(name, classPath, shared));
    } catch (Throwable e) {
      cannotStart(name, e);
      return;
    }
    tally().workerStarted();
    interpreters.add(interpreter);
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
    breakExecutor("the worker initializer failed in " + name, outcome.failure());
  }

  private void cannotStart(String name, Throwable cause) {
    collector.post(
        () -> {
          breakExecutor(name + " cannot be started", cause);
          oneLess();
        });
  }

  @Override
  public void idle(PoolInterpreter interpreter) {
    idle.addFirst(interpreter);
    feed();
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
    return List.copyOf(interpreters);
  }

  // From the collector.

  @Override
  public boolean hasNews() {
    for (PoolInterpreter interpreter : interpreters) {
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
    for (PoolInterpreter interpreter : interpreters) {
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
    if (!interpreters.remove(interpreter)) {
      return;
    }
    idle.remove(interpreter);
    Throwable cause = interpreter.endedBy();
    for (Flight flight : interpreter.bury()) {
      collector.complete(() -> abandon(flight, interpreter.name(), cause));
    }
    if (cause == null) {
      tally().workerEnded();
    } else {
      tally().workerLost();
    }
    oneLess();
    feed();
  }

  private static void abandon(Flight flight, String name, @Nullable Throwable cause) {
    WorkerCrashedException crash =
        new WorkerCrashedException(
            name, flight.run.describe(), cause == null ? "it has ended" : cause.toString(), "");
    if (flight.begun) {
      flight.run.fail(crash);
    } else {
      flight.run.failQueued(crash);
    }
  }

  private void oneLess() {
    synchronized (lifecycle) {
      live--;
    }
  }

  @Override
  public void finished() {
    classPath.close();
    try {
      directory.close();
    } catch (IOException e) {
      log.warn("{}: cannot delete the files of its queues", settings().name(), e);
    }
    workersGone();
  }
}
