// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Action;
import dev.interlock.Blocking;
import dev.interlock.BrokenExecutorException;
import dev.interlock.Capability;
import dev.interlock.Deadline;
import dev.interlock.ExecutorStats;
import dev.interlock.MapOptions;
import dev.interlock.Task;
import dev.interlock.TaskBiFunction;
import dev.interlock.TaskDecorator;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFunction;
import dev.interlock.TaskFuture;
import dev.interlock.TaskOptions;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every strategy shares: all ways of submitting, the queue bound, decorators, {@code map},
 * shutdown and counters. A strategy extends it with a queue and workers.
 *
 * <p><b>Data flow.</b> {@code submit -> decorate -> prepare (encode) -> admit -> enqueue ->
 * [worker] begin -> body -> succeed | fail}. From {@code begin} on, cancel cannot keep the body
 * from running.
 *
 * <p><b>Concurrency.</b> No lock here. {@link Admission} counts the tasks inside, unless the
 * strategy knows its own end; a bounded queue has a semaphore besides. User code (decorators,
 * callbacks) runs with nothing held.
 *
 * <p><b>Lifecycle.</b> {@code shutdown} closes the door. When it is closed and the last task is
 * out, {@link #stopWorkers} is called, once; the strategy answers with {@link #workersGone} when
 * the last worker has ended, and the executor is terminated. A broken executor takes the same way
 * after failing what is queued.
 *
 * <p>Longer than other classes here because {@code ExecutorService} and {@code TaskExecutor} are
 * wide: it holds their methods, most of a line or two, and leaves what they do to the classes
 * beside it.
 */
public abstract class AbstractTaskExecutor implements TaskExecutor {
  private static final Logger log = LoggerFactory.getLogger(AbstractTaskExecutor.class);

  private final ExecutorSettings settings;
  private final Set<Capability> capabilities;
  private final Tally tally = new Tally();
  private final SubmitSites submitSites = new SubmitSites();
  private final TaskLimits defaultLimits;
  private final AtomicLong lastTaskId = new AtomicLong();
  private final Admission admission;

  /** Whether tasks are queued as they are: not counted, not decorated, not limited. */
  private final boolean plain;

  private final @Nullable QueueSlots slots;
  private final CountDownLatch terminated = new CountDownLatch(1);
  private volatile @Nullable BrokenExecutorException broken;
  private volatile boolean interruptsEveryTask;

  /** What users hold; a strong reference from here would keep it for ever. */
  private volatile @Nullable WeakReference<ExecutorHandle> handle;

  protected AbstractTaskExecutor(ExecutorSettings settings, Set<Capability> capabilities) {
    this(settings, capabilities, false);
  }

  /**
   * An executor.
   *
   * @param knowsItsEnd whether the strategy knows, where the queue has no bound, when it has run
   *     the last task: then tasks are not counted, {@link #closeQueue} says that no more come, and
   *     the strategy answers with {@link #quiescent}
   */
  @SuppressWarnings("this-escape") // called when the last task has ended, not before the first
  protected AbstractTaskExecutor(
      ExecutorSettings settings, Set<Capability> capabilities, boolean knowsItsEnd) {
    this.settings = settings;
    this.capabilities = Set.copyOf(capabilities);
    this.defaultLimits = TaskLimits.of(settings.taskDefaults());
    this.slots = settings.queueCapacity() == 0 ? null : new QueueSlots(settings.queueCapacity());
    boolean countsTasks = slots != null || !knowsItsEnd;
    this.admission = new Admission(this::stopWorkers, countsTasks);
    this.plain = !countsTasks && defaultLimits.isNone() && settings.decorators().isEmpty();
  }

  // What a strategy supplies.

  /** Hands a task to the workers. Never waits for a worker. User code may run it at once. */
  protected abstract void enqueue(TaskRun<?> run);

  /**
   * As {@link #enqueue}, but may refuse: false if {@link #closeQueue} came first. A task that is
   * queued before that runs, or is drained.
   */
  protected boolean tryEnqueue(TaskRun<?> run) {
    enqueue(run);
    return true;
  }

  /**
   * As {@link #tryEnqueue}, for an action without a future; a worker calls {@link RunSlot#run} with
   * it. Only called if the strategy knows its end.
   */
  protected boolean tryEnqueue(Runnable action) {
    throw new UnsupportedOperationException("actions are queued as runs");
  }

  /** No task is accepted any more. Called once, and only if the strategy knows its end. */
  protected void closeQueue() {}

  /** Takes the tasks that no worker has begun out of the queue. */
  protected abstract List<? extends Runnable> drainQueue();

  /** What {@link #drainQueue} gave is cancelled, or has failed: none of it is left to end. */
  protected void drained() {}

  /** Interrupts what the workers run now. */
  protected abstract void interruptRunning();

  /**
   * {@code run} is to be interrupted, and whoever it was last known to run on has not done so. To
   * be supplied by a strategy where two workers may try to begin one run at once, or one run may be
   * on top of another: it asks all its workers. Does nothing by default.
   */
  protected void interruptWhereItRuns(TaskRun<?> run) {}

  /**
   * Asks the workers to end: no task is left and none will come. Must not wait. Called once; {@link
   * #workersGone} is the answer.
   */
  protected abstract void stopWorkers();

  /**
   * Stops the workers by force, as far as the strategy can; {@link #close(Duration)} calls it last.
   * False if a worker may go on running.
   */
  protected boolean killWorkers() {
    return false;
  }

  /**
   * Whether the strategy keeps runs to their soft, hard and progress time-outs itself, because it
   * knows better when they begin. If not, {@link TaskRun#begin} sees to it.
   */
  protected boolean watchesRuns() {
    return false;
  }

  /**
   * Whether a task that {@link #prepare} gets is a chunk of {@code map} that no decorator wraps.
   */
  protected static boolean isChunkOfMap(Callable<?> task) {
    return task instanceof MapChunk;
  }

  /** Makes the run of a task; a strategy that encodes does so here, on the submitting thread. */
  protected <T extends @Nullable Object> TaskRun<T> prepare(Callable<T> task) {
    return new TaskRun<>(this, task);
  }

  /**
   * The function of a {@code map}, before its chunks are made. A strategy that brings what all
   * chunks share to its workers by another way gives a stand-in for it.
   */
  protected <A extends @Nullable Object, R extends @Nullable Object>
      TaskFunction<? super A, ? extends R> shared(TaskFunction<? super A, ? extends R> function) {
    return function;
  }

  final void heldBy(ExecutorHandle user) {
    handle = new WeakReference<>(user);
  }

  private @Nullable ExecutorHandle handle() {
    WeakReference<ExecutorHandle> known = handle;
    return known == null ? null : known.get();
  }

  // What a strategy calls.

  protected final ExecutorSettings settings() {
    return settings;
  }

  /** The counters. */
  public final Tally tally() {
    return tally;
  }

  /** The last worker has ended. */
  protected final void workersGone() {
    terminated.countDown();
  }

  /**
   * No worker can run tasks any more: rejects what comes, fails what is queued, and stops the
   * workers once what runs has ended. Only the first call counts.
   */
  protected final void breakExecutor(String what, Throwable cause) {
    synchronized (terminated) {
      if (broken != null) {
        return;
      }
      broken = new BrokenExecutorException(settings.name() + ": " + what, cause);
    }
    closeDoor();
    failQueued();
  }

  private void failQueued() {
    BrokenExecutorException cause = broken;
    if (cause != null) {
      try {
        for (Runnable task : drainQueue()) {
          if (task instanceof TaskRun<?> run) {
            run.failQueued(cause);
          } else {
            actionEnded(cause, null);
          }
        }
      } finally {
        drained();
      }
    }
  }

  /** The door is closed and the last task has ended: the answer to {@link #closeQueue}. */
  protected final void quiescent() {
    admission.quiescent();
  }

  /** Whether tasks are counted: the strategy need not know when the last one has ended. */
  protected final boolean countsTasks() {
    return admission.counts();
  }

  /** An action without a future has run, or never will. */
  final void actionEnded(@Nullable Throwable failure, Tally.@Nullable Stripe stripe) {
    if (failure == null) {
      tally.taskCompleted(stripe);
    } else {
      tally.taskFailed(stripe);
      uncaught(failure);
    }
  }

  private void uncaught(Throwable failure) {
    Thread thread = Thread.currentThread();
    Objects.requireNonNullElseGet(
            settings.uncaughtExceptionHandler(), thread::getUncaughtExceptionHandler)
        .uncaughtException(thread, failure);
  }

  final long nextTaskId() {
    return lastTaskId.incrementAndGet();
  }

  /** After {@code shutdownNow}: a task that a worker had in its hands then must not run on. */
  final boolean interruptsEveryTask() {
    return interruptsEveryTask;
  }

  final void leftQueue() {
    if (slots != null) {
      slots.release();
    }
  }

  final void backInQueue() {
    if (slots != null) {
      slots.exceed();
    }
  }

  final void taskEnded() {
    admission.exit();
  }

  // Submission.

  @Override
  public final <T extends @Nullable Object> TaskFuture<T> submit(Task<T> task) {
    return submit((Callable<T>) task);
  }

  @Override
  public final <T extends @Nullable Object> TaskFuture<T> submit(Callable<T> task) {
    return plain && !settings.submitSite()
        ? startPlain(Objects.requireNonNull(task, "task"))
        : start(run(task, defaultLimits));
  }

  @Override
  public final <T extends @Nullable Object> TaskFuture<T> submit(
      Task<T> task, TaskOptions options) {
    return start(run(task, limits(options)));
  }

  @Override
  public final TaskFuture<?> submit(Action action, TaskOptions options) {
    Objects.requireNonNull(action, "task");
    return start(run(new ActionTask(action), limits(options)));
  }

  private TaskLimits limits(TaskOptions options) {
    TaskLimits limits = TaskLimits.of(options.orElse(settings.taskDefaults()));
    if (limits.hardNs() != TaskLimits.OFF && !capabilities.contains(Capability.KILL)) {
      throw new UnsupportedOperationException(
          settings.strategy()
              + " cannot stop a task by force, so it has no hard time-out. Use a soft time-out, or "
              + Strategies.find().thatCan(Capability.KILL)
              + ".");
    }
    return limits;
  }

  @Override
  public final TaskFuture<?> submit(Action action) {
    return submit((Runnable) action);
  }

  @Override
  public final TaskFuture<?> submit(Runnable action) {
    Objects.requireNonNull(action, "task");
    return submit((Callable<?>) new ActionTask(action));
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // the preset result stands in for the action's null
  public final <T extends @Nullable Object> TaskFuture<T> submit(
      Runnable action, @Nullable T result) {
    Objects.requireNonNull(action, "task");
    TaskRun<T> run = (TaskRun<T>) run(new ActionTask(action), defaultLimits);
    run.presetResult(result);
    return start(run);
  }

  @Override
  public final void execute(Action action) {
    execute((Runnable) action);
  }

  @Override
  public final void execute(Runnable action) {
    if (plain && !(action instanceof TaskRun)) {
      executePlain(Objects.requireNonNull(action, "task"));
      return;
    }
    TaskFuture<?> future = submit(action);
    future.whenComplete(
        (result, failure) -> {
          if (failure != null && !future.isCancelled()) {
            uncaught(failure);
          }
        });
  }

  private void executePlain(Runnable action) {
    if (admission.isClosed() || !tryEnqueue(action)) {
      throw rejection();
    }
    if (broken != null) {
      failQueued();
    }
  }

  private <T extends @Nullable Object> TaskRun<T> run(Callable<T> task, TaskLimits limits) {
    Objects.requireNonNull(task, "task");
    rejectIfClosed();
    if (limits.isNone()) {
      return prepare(decorate(task));
    }
    long submittedNs = System.nanoTime();
    TaskRun<T> run = prepare(decorate(task));
    run.limitBy(limits, submittedNs);
    return run;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // decorators see every task as a Task<Object>
  private <T extends @Nullable Object> Callable<T> decorate(Callable<T> task) {
    if (settings.decorators().isEmpty()) {
      return task;
    }
    Task<Object> decorated =
        task instanceof Task<?> ? (Task<Object>) task : () -> ((Callable<Object>) task).call();
    List<TaskDecorator> decorators = settings.decorators();
    for (int i = decorators.size() - 1; i >= 0; i--) {
      decorated = Objects.requireNonNull(decorators.get(i).decorate(decorated), "a decorated task");
    }
    return (Callable<T>) (Callable<?>) decorated;
  }

  private <T extends @Nullable Object> TaskFuture<T> start(TaskRun<T> run) {
    if (settings.submitSite()) {
      run.submittedAt(submitSites.of(run));
    }
    if (!admit(run, run.watch().deadline())) {
      run.failUnqueued();
    }
    return run;
  }

  /**
   * Submits a chunk of {@code map}, of which none is under way: waits for a place as {@code submit}
   * does, but only until the deadline; null if there was none.
   */
  final <T extends @Nullable Object> @Nullable TaskFuture<T> submitBefore(
      @Nullable Deadline deadline, Task<T> task, int items) {
    TaskRun<T> run = run(task, defaultLimits.times(items));
    if (admit(run, deadline)) {
      return run;
    }
    run.turnedAway();
    return null;
  }

  /** Submits one more chunk of {@code map} if the queue has a place for it; null if not. */
  final <T extends @Nullable Object> @Nullable TaskFuture<T> submitIfPlace(
      Task<T> task, int items) {
    if (slots != null && !slots.tryAcquire(this)) {
      return null;
    }
    TaskRun<T> run;
    try {
      run = run(task, defaultLimits.times(items));
    } catch (RuntimeException | Error e) {
      leftQueue();
      throw e;
    }
    enter(run);
    return run;
  }

  /** Lets a prepared run in and hands it to the workers; false if that was not possible in time. */
  private boolean admit(TaskRun<?> run, @Nullable Deadline deadline) {
    if (slots == null || slots.tryAcquire(this)) {
      enter(run);
      return true;
    }
    switch (settings.whenFull()) {
      case REJECT -> {
        run.turnedAway();
        throw new RejectedExecutionException(
            settings.name()
                + ": the queue is full ("
                + settings.queueCapacity()
                + " tasks). Raise interlock.queue.capacity, or set interlock.queue.when-full to"
                + " block.");
      }
      case BLOCK -> {
        if (!acquire(slots, run, deadline)) {
          return false;
        }
        enter(run);
      }
      case CALLER_RUNS -> {
        slots.exceed();
        enter(run, inCaller -> inCaller.runIn(InterruptSlot.ofCaller()));
      }
    }
    return true;
  }

  private boolean acquire(QueueSlots places, TaskRun<?> run, @Nullable Deadline deadline) {
    try {
      return places.acquire(settings.name(), deadline);
    } catch (RejectedExecutionException e) {
      run.turnedAway();
      throw e;
    }
  }

  private void enter(TaskRun<?> run) {
    if (!admission.counts()) {
      enterUncounted(run);
      return;
    }
    enter(run, this::enqueue);
  }

  private void enter(TaskRun<?> run, Consumer<TaskRun<?>> next) {
    countIn(run);
    try {
      tally.taskSubmitted();
      run.watch().queued();
      next.accept(run);
    } catch (Throwable e) { // a stack overflow, say: the task must not be counted in for ever
      run.failQueued(e);
      throw e;
    }
    if (broken != null) {
      failQueued();
    }
  }

  private <T extends @Nullable Object> TaskFuture<T> startPlain(Callable<T> task) {
    TaskRun<T> run = prepare(task);
    enqueueUncounted(run);
    return run;
  }

  private void enterUncounted(TaskRun<?> run) {
    run.watch().queued();
    enqueueUncounted(run);
  }

  private void enqueueUncounted(TaskRun<?> run) {
    boolean accepted;
    try {
      accepted = !admission.isClosed() && tryEnqueue(run);
    } catch (Throwable e) { // a stack overflow, say
      run.failQueued(e);
      throw e;
    }
    if (!accepted) {
      run.turnedAway();
      throw rejection();
    }
    if (broken != null) {
      failQueued();
    }
  }

  /** Counts a task in that has a place in the queue. */
  private void countIn(TaskRun<?> run) {
    if (!admission.enter()) {
      leftQueue();
      run.turnedAway();
      throw rejection();
    }
  }

  private void rejectIfClosed() {
    if (admission.isClosed()) {
      throw rejection();
    }
  }

  private RejectedExecutionException rejection() {
    BrokenExecutorException cause = broken;
    if (cause != null) {
      return new BrokenExecutorException(
          Objects.requireNonNullElse(cause.getMessage(), ""),
          Objects.requireNonNullElse(cause.getCause(), cause));
    }
    return new RejectedExecutionException(settings.name() + " is shut down.");
  }

  // Many tasks at once.

  @Override
  public final <A extends @Nullable Object, R extends @Nullable Object> Stream<R> map(
      TaskFunction<? super A, ? extends R> function,
      Iterable<? extends A> items,
      MapOptions options) {
    Objects.requireNonNull(function, "function");
    rejectIfClosed();
    ChunkSizing sizing =
        new ChunkSizing(
            options,
            settings.workers(),
            capabilities.contains(Capability.COPIED_TASKS) ? settings.chunkTime() : null);
    SubmitSites.Site site = settings.submitSite() ? SubmitSites.here() : null;
    return new MapResults<A, R>(
            this, handle(), shared(function), items.iterator(), sizing, options.timeout(), site)
        .stream();
  }

  @Override
  public final <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      Stream<R> map(
          TaskBiFunction<? super A, ? super B, ? extends R> function,
          Iterable<? extends A> first,
          Iterable<? extends B> second,
          MapOptions options) {
    Objects.requireNonNull(function, "function");
    TaskFunction<ItemPair<A, B>, R> onPairs = pair -> function.apply(pair.first(), pair.second());
    return map(onPairs, () -> ItemPair.zip(first.iterator(), second.iterator()), options);
  }

  @Override
  public final <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks) throws InterruptedException {
    return BulkInvocation.all(this, tasks, null);
  }

  @Override
  public final <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException {
    return BulkInvocation.all(this, tasks, unit.toNanos(timeout));
  }

  @Override
  public final <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    try {
      return BulkInvocation.any(this, tasks, null);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public final <T extends @Nullable Object> T invokeAny(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return BulkInvocation.any(this, tasks, unit.toNanos(timeout));
  }

  // Shutdown.

  @Override
  public final void shutdown() {
    closeDoor();
  }

  private void closeDoor() {
    if (admission.close()) {
      if (slots != null) {
        slots.releaseWaiters();
      }
      if (!admission.counts()) {
        closeQueue();
      }
    }
  }

  /**
   * Closes the door, cancels what no worker has begun, and interrupts what runs. The futures of the
   * returned tasks are cancelled, so that nobody waits for them for ever; they are the tasks. What
   * was given to {@code execute} comes back as it is, where it was queued as it is.
   */
  @Override
  public final List<Runnable> shutdownNow() {
    closeDoor();
    List<Runnable> neverStarted = new ArrayList<>();
    try {
      for (Runnable task : drainQueue()) {
        if (!(task instanceof TaskRun<?> run)) {
          tally.taskCancelled();
          neverStarted.add(task);
        } else if (run.cancel(false)) {
          neverStarted.add(task);
        }
      }
    } finally {
      drained();
    }
    interruptsEveryTask = true;
    interruptRunning();
    return neverStarted;
  }

  @Override
  public final boolean isShutdown() {
    return admission.isClosed();
  }

  @Override
  public final boolean isTerminated() {
    return terminated.getCount() == 0;
  }

  @Override
  public final boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    try {
      return Blocking.call(() -> terminated.await(timeout, unit));
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public final void close() {
    refuseOwnTask();
    shutdown();
    awaitQuietly(Deadline.after(Duration.ofNanos(Long.MAX_VALUE)));
  }

  @Override
  public final void close(Duration timeout) {
    Deadline deadline = Deadline.after(timeout);
    refuseOwnTask();
    shutdown();
    if (awaitQuietly(deadline)) {
      return;
    }
    shutdownNow();
    if (awaitQuietly(Deadline.after(Duration.ofSeconds(1)))) {
      return;
    }
    if (killWorkers()) {
      awaitQuietly(Deadline.after(Duration.ofNanos(Long.MAX_VALUE)));
    } else {
      log.warn(
          "{}: a task ignores its interrupt and {} cannot stop it by force; it is left running on a"
              + " daemon thread. Run such tasks on a strategy with the capability KILL.",
          settings.name(),
          settings.strategy());
    }
  }

  /**
   * Waits for termination; an interrupt becomes a {@code shutdownNow} and is kept for the caller.
   */
  private boolean awaitQuietly(Deadline deadline) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return awaitTermination(deadline.remainingNs(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
          shutdownNow();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void refuseOwnTask() {
    if (WorkerScope.isWorkerOf(this)) {
      throw new IllegalStateException(
          settings.name()
              + ": close() from within one of its own tasks would wait for itself. Call shutdown()"
              + " there, or close() outside.");
    }
  }

  // Accessors.

  @Override
  public final String strategy() {
    return settings.strategy();
  }

  @Override
  public final Set<Capability> capabilities() {
    return capabilities.isEmpty() ? Set.of() : EnumSet.copyOf(capabilities);
  }

  @Override
  public final int workers() {
    return settings.workers();
  }

  @Override
  public final ExecutorStats stats() {
    return tally.snapshot();
  }

  @Override
  public final String toString() {
    return settings.name() + " (" + settings.strategy() + ", " + settings.workers() + " workers)";
  }
}
