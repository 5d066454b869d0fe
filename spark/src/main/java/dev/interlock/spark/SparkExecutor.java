// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.BrokenExecutorException;
import dev.interlock.NotShareableException;
import dev.interlock.Task;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFunction;
import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.AbstractTaskExecutor;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.TaskRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executor whose workers are the task slots of a Spark application.
 *
 * <pre>
 * submit -> encode -> {@link Dispatcher} -> Spark job -> [launch: begin] -> executor: {@link RemoteWorker}
 *                                                                              |
 * future &lt;- decode (threads of its own) &lt;- {@link Shipment} &lt;- result handler &lt;-+
 *                                            ^- {@link SparkEvents}: killed, or lost with its executor
 * </pre>
 *
 * <p>From {@code begin} on, which is when Spark launches the task, cancel cannot keep it from
 * running. {@code docs/spark.md} has the mapping, the states and the failure paths.
 */
final class SparkExecutor extends AbstractTaskExecutor {
  private static final Logger log = LoggerFactory.getLogger(SparkExecutor.class);
  private static final long HANDS_IDLE_MS = 500;

  /** What is smaller goes with each chunk of map: a broadcast costs some messages. */
  private static final int LEAST_BROADCAST = 64 << 10;

  private final SharedContext context;
  private final TaskCodec codec;
  private final PoolSpec spec;
  private final SparkOptions options;
  private final Dispatcher dispatcher;
  private final ThreadPoolExecutor hands;
  private final AtomicInteger threads = new AtomicInteger();

  /** How many threads of each executor have run tasks of this pool. */
  private final Map<String, Integer> workers = new HashMap<>();

  /** What Spark has launched and not brought back, by task. */
  private final ConcurrentHashMap<Long, Shipment> launched = new ConcurrentHashMap<>();

  private volatile boolean halting;

  private SparkExecutor(ExecutorSettings settings, SparkOptions options, SharedContext context) {
    super(settings, context.capabilities());
    this.context = context;
    this.options = options;
    ClassLoader caller = Thread.currentThread().getContextClassLoader();
    this.codec = new TaskCodec(caller == null ? ClassLoader.getSystemClassLoader() : caller);
    Task<?> initializer = settings.initializerTask();
    this.spec =
        new PoolSpec(
            context.nextPoolId(),
            settings.name(),
            initializer == null ? null : codec.encodeTask(initializer),
            context.isLocal() ? 0 : killAfterMs(options),
            settings.taskOutput() != null && context.hasChannel());
    this.hands =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            HANDS_IDLE_MS,
            TimeUnit.MILLISECONDS,
            new SynchronousQueue<>(),
            body -> thread(body, "result-" + threads.incrementAndGet()));
    this.dispatcher = new Dispatcher(this, context, settings, options.tasksPerPartition());
  }

  static TaskExecutor open(ExecutorSettings settings) {
    if (SharedContext.isInExecutor()) {
      return new InPlaceExecutor(settings);
    }
    SparkOptions options = SparkOptions.from(settings.options());
    SharedContext context = SharedContext.acquire(settings, options);
    try {
      ExecutorSettings fitting =
          settings.workersChosen() || context.isLocal()
              ? settings
              : settings.withWorkers(Math.max(1, context.slots()));
      SparkExecutor executor = new SparkExecutor(fitting, options, context);
      executor.thread(executor.dispatcher, "dispatcher").start();
      context.add(executor);
      return executor;
    } catch (RuntimeException | Error e) {
      context.release();
      throw e;
    }
  }

  private static long killAfterMs(SparkOptions options) {
    return options.killAfter() == null
        ? TimeUnit.DAYS.toMillis(36_500) // never, in units that can be multiplied
        : options.killAfter().toMillis();
  }

  private Thread thread(Runnable body, String role) {
    return settings().workerThread(settings().name() + "-" + role, body, codec.loader());
  }

  // What AbstractTaskExecutor asks for.

  @Override
  protected <T extends @Nullable Object> TaskRun<T> prepare(Callable<T> task) {
    SparkRun<T> run = new SparkRun<>(this, codec, task, isChunkOfMap(task));
    if (run.capsule().length > context.mostBytes()) {
      throw new NotShareableException(
          run.describe() + ": " + run.capsule().length + " bytes encoded",
          "At most "
              + context.mostBytes()
              + " can go with one Spark task; raise spark.rpc.message.maxSize in"
              + " interlock.spark.conf, make chunks of map smaller, or pass a file or a Broadcast.",
          null);
    }
    return run;
  }

  /** A large function, with all that it has captured, goes once to each executor. */
  @Override
  protected <A extends @Nullable Object, R extends @Nullable Object>
      TaskFunction<? super A, ? extends R> shared(TaskFunction<? super A, ? extends R> function) {
    byte[] encoded = codec.encode(function);
    return encoded.length < LEAST_BROADCAST
        ? function
        : new BroadcastFunction<A, R>(context.broadcast(encoded));
  }

  @Override
  protected void enqueue(TaskRun<?> run) {
    dispatcher.add(new Shipment((SparkRun<?>) run, this));
  }

  @Override
  protected List<TaskRun<?>> drainQueue() {
    return dispatcher.drain();
  }

  /** Executors do: they know when a task begins. */
  @Override
  protected boolean watchesRuns() {
    return true;
  }

  /** What is launched after this is interrupted at once: it was on its way. */
  @Override
  protected void interruptRunning() {
    halting = true;
    launched.values().forEach(shipment -> shipment.interrupt(shipment.run()));
  }

  @Override
  protected void stopWorkers() {
    dispatcher.stop();
    thread(this::end, "closing").start();
  }

  private void end() {
    hands.shutdown();
    context.remove(this);
    synchronized (workers) {
      workers.values().forEach(threads -> times(threads, tally()::workerEnded));
      workers.clear();
    }
    try {
      context.release();
    } catch (RuntimeException e) {
      log.warn("{}: the SparkContext did not stop cleanly", settings().name(), e);
    } finally {
      workersGone();
    }
  }

  @Override
  protected boolean killWorkers() {
    if (context.isLocal()) {
      return false;
    }
    launched.values().forEach(Shipment::kill);
    return true;
  }

  // What shipments and the dispatcher ask for.

  SharedContext context() {
    return context;
  }

  PoolSpec spec() {
    return spec;
  }

  SparkOptions options() {
    return options;
  }

  TaskCodec codec() {
    return codec;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  String name() {
    return settings().name();
  }

  /** Where results are decoded and callbacks run. */
  ExecutorService hands() {
    return hands;
  }

  /** Spark has launched it. True if it must be interrupted at once. */
  boolean launched(Shipment shipment) {
    launched.put(shipment.run().taskId(), shipment);
    return halting;
  }

  void ended(Shipment shipment) {
    launched.remove(shipment.run().taskId(), shipment);
  }

  /** A thread of an executor has run its first task of this pool. */
  void workerStarted(String executorId) {
    synchronized (workers) {
      workers.merge(executorId, 1, Integer::sum);
    }
    tally().workerStarted();
  }

  void executorLost(String executorId) {
    synchronized (workers) {
      Integer threads = workers.remove(executorId);
      if (threads != null) { // one loss, whether one or two of its threads have had tasks
        tally().workerLost();
        times(threads - 1, tally()::workerEnded);
      }
    }
  }

  private static void times(int count, Runnable step) {
    for (int i = 0; i < count; i++) {
      step.run();
    }
  }

  void initializerFailed(String worker, Throwable cause) {
    breakExecutor("the worker initializer failed in " + worker, cause);
  }

  /** For a task that was on its way when the executor broke. */
  BrokenExecutorException broken(Throwable cause) {
    return new BrokenExecutorException(name() + ": the worker initializer failed", cause);
  }

  /** Nothing can run any more. */
  void sparkEnded(Throwable cause) {
    breakExecutor("Spark has ended", cause);
    dispatcher.failSent(cause);
  }

  // What executors tell.

  /** A limit of a task has passed. */
  void timedOut(ChannelMessage.TimedOut late) {
    Shipment shipment = launched.get(late.taskId());
    if (shipment != null && shipment.attempt() == late.attempt()) {
      hands.execute(() -> shipment.timedOut(late.kind(), late.lastProgress()));
    }
  }

  void printed(ChannelMessage.Output output) {
    var listener = settings().taskOutput();
    if (listener != null) {
      listener.line(output.line());
    }
  }
}
