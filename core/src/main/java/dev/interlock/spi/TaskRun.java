// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.TaskExecutor;
import dev.interlock.TaskTimeoutException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One task inside an executor, and its future: what a strategy queues and runs.
 *
 * <p><b>Lifecycle.</b> {@code QUEUED -> RUNNING -> ENDED}; {@code RUNNING -> QUEUED} when a worker
 * gives it back unstarted; {@code QUEUED -> ENDED} when it is cancelled or fails before it starts;
 * {@code RUNNING -> ABANDONED -> ENDED} when it is cancelled, or times out, while it runs: then the
 * future is done at once, and the body goes on until it notices or is stopped. Each step is one
 * compare-and-set, and who wins it decides the outcome.
 *
 * <p><b>Concurrency.</b> No locks. A worker in this process calls {@link #runIn}; one elsewhere
 * calls {@link #begin}, and later {@link #succeed} or {@link #fail}, each once.
 *
 * @param <T> the type of the result
 */
public class TaskRun<T extends @Nullable Object> extends RunFuture<T>
    implements Runnable, RunningTask {
  private enum State {
    /** Accepted; no worker has it. */
    QUEUED,
    /** A worker runs its body. */
    RUNNING,
    /** The future is cancelled or has timed out, and a worker still has the body. */
    ABANDONED,
    /** Its body has returned, or never will start. */
    ENDED
  }

  private static final VarHandle STATE;
  private static final VarHandle TASK_ID;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(TaskRun.class, "state", State.class);
      TASK_ID = lookup.findVarHandle(TaskRun.class, "taskId", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final AbstractTaskExecutor owner;
  private final Class<?> taskClass;
  private @Nullable Callable<? extends T> body;
  private @Nullable Interruption interruption;
  private @Nullable PresetResult<T> presetResult;
  private RunWatch watch = RunWatch.NONE;
  private volatile State state = State.QUEUED;
  private volatile long taskId;

  private record PresetResult<T extends @Nullable Object>(T value) {}

  /** A run of {@code body} in this process. */
  protected TaskRun(AbstractTaskExecutor owner, Callable<? extends T> body) {
    this(owner, body, true);
  }

  /**
   * A run of {@code task}.
   *
   * @param runsHere whether the body runs in this process; if not, {@code task} is not kept, and
   *     the subclass knows what runs in its place
   */
  protected TaskRun(AbstractTaskExecutor owner, Callable<? extends T> task, boolean runsHere) {
    this.owner = owner;
    this.taskClass = Descriptions.classOf(task);
    this.body = runsHere ? task : null;
  }

  /**
   * Runs the body on the current thread, whose slot is given; nothing happens if it was cancelled.
   */
  public final void runIn(InterruptSlot slot) {
    slot.enter(this);
    if (!begin(slot)) {
      slot.leave(this);
      return;
    }
    if (owner.interruptsEveryTask()) { // shutdownNow may have looked before the task was here
      slot.interrupt(this);
    }
    T result;
    try {
      result = callBody();
    } catch (Throwable failure) { // the task's own: it goes to whoever asks for the result
      slot.leave(this);
      fail(failure);
      return;
    }
    slot.leave(this);
    succeed(result);
  }

  @SuppressWarnings("NullAway") // a body is there until the run has ended
  private T callBody() throws Exception {
    return callBody(body);
  }

  /** Calls the body; what a strategy does around it belongs here. The future is not done yet. */
  protected T callBody(Callable<? extends T> body) throws Exception {
    return body.call();
  }

  /**
   * A worker takes the task. False if it was cancelled or failed before: then it must not be run.
   *
   * @param howToInterrupt what {@code cancel(true)} calls from now on
   */
  public final boolean begin(Interruption howToInterrupt) {
    interruption = howToInterrupt;
    if (!moved(State.QUEUED, State.RUNNING)) {
      return false;
    }
    owner.leftQueue();
    if (!owner.watchesRuns()) {
      watch.begun();
    }
    return true;
  }

  /**
   * The worker gives the task back: its body has not started, and will not in this worker. It is
   * queued again, as if no worker had taken it. False if it was cancelled meanwhile: then the
   * worker must {@link #fail} it.
   */
  public final boolean putBack() {
    owner.backInQueue();
    if (moved(State.RUNNING, State.QUEUED)) {
      return true;
    }
    owner.leftQueue();
    return false;
  }

  /** The body of the running task has returned. */
  @SuppressWarnings("NullAway") // T may be nullable
  public final void succeed(T result) {
    if (moved(State.RUNNING, State.ENDED)) {
      owner.tally().taskCompleted();
      complete(presetResult == null ? result : presetResult.value());
    } else {
      state = State.ENDED;
    }
    release();
  }

  /** The body of the running task has thrown, or its worker is lost. */
  public final void fail(Throwable failure) {
    if (moved(State.RUNNING, State.ENDED)) {
      owner.tally().taskFailed();
      completeExceptionally(asKept(failure));
    } else {
      state = State.ENDED;
    }
    release();
  }

  /**
   * {@link CompletableFuture} would unwrap the one and take the other for a cancel: in a wrapper,
   * what a task throws comes back as it was thrown.
   */
  private static Throwable asKept(Throwable failure) {
    return failure instanceof CompletionException || failure instanceof CancellationException
        ? new CompletionException(failure)
        : failure;
  }

  /** Fails the task if no worker has it yet; false if one has, or it is done. */
  public final boolean failQueued(Throwable failure) {
    if (!moved(State.QUEUED, State.ENDED)) {
      return false;
    }
    owner.leftQueue();
    owner.tally().taskFailed();
    completeExceptionally(failure);
    release();
    return true;
  }

  @Override
  public final boolean cancel(boolean mayInterruptIfRunning) {
    if (moved(State.QUEUED, State.ENDED)) {
      owner.leftQueue();
      owner.tally().taskCancelled();
      super.cancel(false);
      release();
      return true;
    }
    if (!moved(State.RUNNING, State.ABANDONED)) {
      return false;
    }
    owner.tally().taskCancelled();
    super.cancel(false);
    Interruption running = interruption;
    if (running != null) {
      if (mayInterruptIfRunning) {
        running.interrupt(this);
      } else {
        running.withdraw(this);
      }
    }
    return true;
  }

  /**
   * Fails the future of a running task whose body is about to be stopped, or of a queued one, which
   * then never runs. What the body does from now on counts for nothing.
   *
   * @param stop called before the future is done, since callbacks may take long; not for a queued
   *     task
   * @return false, with nothing done, if the future is done already
   */
  public final boolean abandon(Throwable why, Runnable stop) {
    if (failQueued(why)) {
      return true;
    }
    if (!moved(State.RUNNING, State.ABANDONED)) {
      return false;
    }
    owner.tally().taskFailed();
    stop.run();
    completeExceptionally(why);
    return true;
  }

  /** Fails the future and interrupts the body, or keeps a queued task from ever running. */
  public final void stopByInterrupt(TaskTimeoutException why) {
    abandon(
        why,
        () -> {
          Interruption running = interruption;
          if (running != null) {
            running.interrupt(this);
          }
        });
  }

  /** Fails the future and stops the body as well as the strategy can. */
  final void stopByForce(TaskTimeoutException why) {
    if (failQueued(why)) {
      return;
    }
    Interruption running = interruption;
    if (running != null) {
      running.stopByForce(this, why);
    }
  }

  /** Fails a task that found no place in the queue in time; it was never counted in. */
  final void failUnqueued() {
    if (moved(State.QUEUED, State.ENDED)) {
      body = null;
      dropPayload();
      completeExceptionally(watch.late(TaskTimeoutException.Kind.TOTAL));
    }
  }

  /** Drops what the run held, for it was not let in; who submitted it has an exception instead. */
  final void turnedAway() {
    body = null;
    dropPayload();
  }

  private boolean moved(State from, State to) {
    return STATE.compareAndSet(this, from, to);
  }

  /** Drops what the run held; its future stays. */
  private void release() {
    body = null;
    dropPayload();
    watch.ended();
    owner.taskEnded();
  }

  /** Called once when the run has ended: drop what was kept for it. */
  protected void dropPayload() {}

  /** Does nothing but run a task that is still queued, in the caller. */
  @Override
  public final void run() {
    runIn(InterruptSlot.ofCaller());
  }

  final void presetResult(T value) {
    presetResult = new PresetResult<>(value);
  }

  /** Before it is queued. */
  final void limitBy(TaskLimits limits, long submittedNs) {
    watch = new RunWatch(this, limits, submittedNs);
  }

  /** Keeps it to its limits; {@link RunWatch#NONE} if it has none. */
  public final RunWatch watch() {
    return watch;
  }

  @Override
  public final void progress(@Nullable String what) {
    watch.progress(what);
  }

  @Override
  public final boolean isAbandoned() {
    return state == State.ABANDONED;
  }

  /** The first one in this process: a worker that crashed would have taken the task along. */
  @Override
  public int attempt() {
    return 1;
  }

  final Class<?> taskClass() {
    return taskClass;
  }

  @Override
  public final long taskId() {
    long id = taskId;
    if (id == 0) {
      long fresh = owner.nextTaskId();
      id = TASK_ID.compareAndSet(this, 0L, fresh) ? fresh : taskId;
    }
    return id;
  }

  /** Whether it belongs to {@code executor} and no worker has begun it yet. */
  public final boolean isQueuedIn(TaskExecutor executor) {
    return owner == executor && state == State.QUEUED;
  }

  /** What the task is, for messages: {@code task 17 (com.example.Report lambda)}. */
  @Override
  public final String describe() {
    return "task " + taskId() + " (" + Descriptions.ofClass(taskClass) + ")";
  }

  @Override
  final void offerToWaitingWorker() {
    if (state == State.QUEUED) {
      WorkerScope scope = WorkerScope.current();
      if (scope != null && scope.executor() == owner) {
        scope.beforeWaitingFor(this);
      }
    }
  }

  @Override
  public String toString() {
    String outcome =
        !isDone()
            ? state.name().toLowerCase(Locale.ROOT)
            : isCancelled() ? "cancelled" : isCompletedExceptionally() ? "failed" : "completed";
    return describe() + " [" + outcome + "]";
  }
}
