// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.NotShareableException;
import dev.interlock.Task;
import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.AbstractTaskExecutor;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.TaskRun;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executor of child JVMs: a {@link Roster} of {@link Worker}s, and what they share. {@code
 * docs/process-pool.md} has the states and failure paths.
 */
final class ProcessExecutor extends AbstractTaskExecutor {
  private static final Logger log = LoggerFactory.getLogger(ProcessExecutor.class);

  private final ProcessOptions options;
  private final TaskCodec codec;
  private final byte @Nullable [] initializer;
  private final PoolFolders folders;
  private final ChildSource children;
  private final Roster roster;

  /** Two threads may both find it unset: then two tasks are the first. */
  private volatile boolean hadTask;

  private ProcessExecutor(
      ExecutorSettings settings, ProcessOptions options, TaskCodec codec, PoolFolders folders)
      throws IOException {
    super(settings, ProcessPoolProvider.CAPABILITIES);
    this.options = options;
    this.codec = codec;
    Task<?> first = settings.initializerTask();
    this.initializer = first == null ? null : codec.encodeTask(first);
    this.folders = folders;
    this.children = children(settings, options, folders);
    this.roster =
        new Roster(
            settings.workers(),
            options.recycle().idleAfter().orElse(null),
            this::newWorker,
            this::lastWorkerGone);
  }

  static ProcessExecutor open(ExecutorSettings settings) {
    ProcessOptions options = ProcessOptions.from(settings.options());
    TaskCodec codec = options.results().codec(callersLoader());
    try {
      PoolFolders folders = new PoolFolders(options.buffers(), options.maxFrameBytes());
      try {
        if (options.start().method() == StartMethod.SPAWN) {
          folders.scratch(); // its child will need it: what is wrong is better known now
        }
        ProcessExecutor executor = new ProcessExecutor(settings, options, codec, folders);
        executor.roster.open();
        return executor;
      } catch (IOException | RuntimeException e) {
        folders.close();
        throw e;
      }
    } catch (IOException e) {
      throw new IllegalStateException("process-pool cannot start: " + e.getMessage(), e);
    }
  }

  private static ChildSource children(
      ExecutorSettings settings, ProcessOptions options, PoolFolders folders) throws IOException {
    StartOptions start = options.start();
    OutputRoute output = new OutputRoute(options.output(), settings.taskOutput());
    ChildArguments arguments = ChildArguments.of(start, settings.workers());
    ChildSource spawner = new ChildSpawner(folders::scratch, arguments, options, output);
    return start.method() == StartMethod.SPAWN
        ? spawner
        : SpareSource.open(arguments, options, settings.workers(), spawner, output);
  }

  private static ClassLoader callersLoader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? ClassLoader.getSystemClassLoader() : context;
  }

  private Worker newWorker(int number) {
    return new Worker(number, this, roster);
  }

  // What AbstractTaskExecutor asks for.

  @Override
  protected <T extends @Nullable Object> TaskRun<T> prepare(Callable<T> task) {
    if (!hadTask) {
      hadTask = true;
      children.firstTask(task.getClass());
    }
    SideFolder buffers = codec.isConstant(task) ? null : folders.buffers();
    SideFile apart = buffers == null ? null : buffers.forTask();
    PoolRun<T> run = new PoolRun<>(this, codec, task, apart);
    long length = run.capsule().length + run.bufferBytes();
    if (length > options.maxFrameBytes()) {
      run.dropPayload();
      throw new NotShareableException(
          run.describe() + ": " + length + " bytes encoded",
          "At most "
              + options.maxFrameBytes()
              + " can; raise interlock.process-pool.max-frame, or pass a file.",
          null);
    }
    return run;
  }

  @Override
  protected void enqueue(TaskRun<?> run) {
    roster.add(((PoolRun<?>) run).assign());
  }

  @Override
  protected List<TaskRun<?>> drainQueue() {
    return roster.drain();
  }

  @Override
  protected boolean watchesRuns() {
    return true;
  }

  @Override
  protected void interruptRunning() {
    roster.halt();
  }

  @Override
  protected void stopWorkers() {
    roster.stop();
  }

  @Override
  protected boolean killWorkers() {
    roster.workers().forEach(Worker::kill);
    return true;
  }

  private void lastWorkerGone() {
    children.close();
    folders.close();
    workersGone();
  }

  // What workers ask for.

  PoolFolders folders() {
    return folders;
  }

  ProcessOptions options() {
    return options;
  }

  TaskCodec codec() {
    return codec;
  }

  byte @Nullable [] initializer() {
    return initializer;
  }

  ChildSource children() {
    return children;
  }

  String threadName(String worker) {
    return settings().name() + "-" + worker;
  }

  void initializerFailed(String worker, Throwable cause) {
    breakExecutor("the worker initializer failed in " + worker, cause);
    failWaiting(cause);
  }

  void startFailed(StartFailure failure, long startedNs) {
    log.warn("{}: {}", settings().name(), failure.getMessage());
    StartFailure first = roster.startFailed(failure, startedNs);
    if (first != null) {
      breakExecutor(
          "no child JVM can be started. See the cause, and interlock.process-pool.jvm-args.",
          first);
      failWaiting(first);
    }
  }

  /** What was put back after the executor broke: no worker will come for it. */
  private void failWaiting(Throwable cause) {
    roster.drain().forEach(run -> run.failQueued(cause));
  }
}
