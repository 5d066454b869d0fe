// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.TaskExecutor;
import dev.interlock.TaskTimeoutException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One task inside an executor, and its future: what a strategy queues and runs.
 *
 * <p><b>Lifecycle.</b> {@code QUEUED -> RUNNING -> ENDED}; {@code RUNNING -> QUEUED} when a worker
 * gives it back unstarted; {@code QUEUED -> ENDED} when it is cancelled or fails before it starts;
 * {@code RUNNING -> ABANDONED -> ENDED} when it is cancelled, or times out, while it runs: then the
 * future is done at once, and the body goes on until it notices or is stopped; by way of {@code
 * INTERRUPT} if its thread is to be interrupted. Each step is one compare-and-set, and who wins it
 * decides the outcome.
 *
 * <p><b>Concurrency.</b> No locks. A worker in this process calls {@link #runIn}; one elsewhere
 * calls {@link #begin}, and later {@link #succeed} or {@link #fail}, each once.
 *
 * <p>Longer than other classes here because every step between its states is in it, and nowhere
 * else.
 *
 * @param <T> the type of the result
 */
public class TaskRun<T extends @Nullable Object> extends RunFuture<T>
    implements Runnable, RunningTask {
  // States. Numbers, because storing a reference to a constant in an old object costs the garbage
  // collector's barrier, which is a third of what the rest of a small task costs.

  /** Accepted; no worker has it. */
  private static final int QUEUED = 0;

  /** A worker runs its body. */
  private static final int RUNNING = 1;

  /** Its body has returned, or never will start. */
  private static final int ENDED = 2;

  /** The future is cancelled or has timed out, and a worker still has the body. */
  private static final int ABANDONED = 3;

  /** As {@link #ABANDONED}, and the thread of the body is yet to be interrupted. */
  private static final int INTERRUPT = 4;

  private static final VarHandle STATE;
  private static final VarHandle EXTRAS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(TaskRun.class, "state", int.class);
      EXTRAS = lookup.findVarHandle(TaskRun.class, "extras", RunExtras.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final AbstractTaskExecutor owner;
  private final Class<?> taskClass;
  private @Nullable Callable<? extends T> body;
  private @Nullable Interruption interruption;
  private volatile @Nullable RunExtras extras;
  private volatile int state = QUEUED;

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
      slot.interruptOwn(this);
    }
    T result;
    try {
      result = callBody();
    } catch (Throwable failure) { // the task's own: it goes to whoever asks for the result
      boolean decides = moved(RUNNING, ENDED);
      slot.leave(this, decides);
      threw(failure, decides, slot.stripe());
      return;
    }
    boolean decides = moved(RUNNING, ENDED);
    slot.leave(this, decides);
    returned(result, decides, slot.stripe());
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
    if (!moved(QUEUED, RUNNING)) {
      return false;
    }
    owner.leftQueue();
    RunExtras more = extras;
    if (more != null && !owner.watchesRuns()) {
      more.watch.begun();
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
    if (moved(RUNNING, QUEUED)) {
      return true;
    }
    owner.leftQueue();
    return false;
  }

  /** The body of the running task has returned. */
  public final void succeed(T result) {
    returned(result, moved(RUNNING, ENDED), null);
  }

  /** The body of the running task has thrown, or its worker is lost. */
  public final void fail(Throwable failure) {
    threw(failure, moved(RUNNING, ENDED), null);
  }

  /**
   * The body has returned.
   *
   * @param decides whether that is the outcome: false if the run was abandoned before
   */
  private void returned(T result, boolean decides, Tally.@Nullable Stripe stripe) {
    if (decides) {
      owner.tally().taskCompleted(stripe);
      RunExtras more = extras;
      complete(more == null ? result : more.resultOr(result));
    } else {
      state = ENDED;
    }
    release();
  }

  private void threw(Throwable failure, boolean decides, Tally.@Nullable Stripe stripe) {
    if (decides) {
      owner.tally().taskFailed(stripe);
      completeExceptionally(failure);
    } else {
      state = ENDED;
    }
    release();
  }

  /** Fails the task if no worker has it yet; false if one has, or it is done. */
  public final boolean failQueued(Throwable failure) {
    if (!moved(QUEUED, ENDED)) {
      return false;
    }
    owner.leftQueue();
    owner.tally().taskFailed(null);
    completeExceptionally(failure);
    release();
    return true;
  }

  @Override
  public final boolean cancel(boolean mayInterruptIfRunning) {
    if (moved(QUEUED, ENDED)) {
      owner.leftQueue();
      owner.tally().taskCancelled();
      completeCancelled();
      release();
      return true;
    }
    if (!moved(RUNNING, mayInterruptIfRunning ? INTERRUPT : ABANDONED)) {
      return false;
    }
    owner.tally().taskCancelled();
    completeCancelled();
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
    return abandon(why, stop, ABANDONED);
  }

  private boolean abandon(Throwable why, Runnable stop, int abandoned) {
    if (failQueued(why)) {
      return true;
    }
    if (!moved(RUNNING, abandoned)) {
      return false;
    }
    owner.tally().taskFailed(null);
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
        },
        INTERRUPT);
  }

  /**
   * Whether the thread of the abandoned body is still to be interrupted; from now on it is not.
   * Whoever gets true interrupts it, so that it happens once.
   */
  final boolean takeInterrupt() {
    return state == INTERRUPT && moved(INTERRUPT, ABANDONED);
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
    if (moved(QUEUED, ENDED)) {
      body = null;
      dropPayload();
      completeExceptionally(watch().late(TaskTimeoutException.Kind.TOTAL));
    }
  }

  /** Drops what the run held, for it was not let in; who submitted it has an exception instead. */
  final void turnedAway() {
    body = null;
    dropPayload();
    watch().ended();
  }

  private boolean moved(int from, int to) {
    return STATE.compareAndSet(this, from, to);
  }

  /** Drops what the run held; its future stays. */
  private void release() {
    body = null;
    dropPayload();
    RunExtras more = extras;
    if (more != null) {
      more.watch.ended();
    }
    owner.taskEnded();
  }

  /** Called once when the run has ended: drop what was kept for it. */
  protected void dropPayload() {}

  /** Does nothing but run a task that is still queued, in the caller. */
  @Override
  public final void run() {
    runIn(InterruptSlot.ofCaller());
  }

  private RunExtras extras() {
    RunExtras known = extras;
    if (known != null) {
      return known;
    }
    RunExtras fresh = new RunExtras();
    RunExtras before = (RunExtras) EXTRAS.compareAndExchange(this, null, fresh);
    return before == null ? fresh : before;
  }

  /** Before it is queued. */
  final void presetResult(@Nullable Object value) {
    extras().presetResult(value);
  }

  /** Before it is queued. */
  final void limitBy(TaskLimits limits, long submittedNs) {
    extras().watch = new RunWatch(this, limits, submittedNs);
  }

  /** Before it is queued. */
  final void submittedAt(SubmitSites.Site site) {
    extras().submitSite = site;
  }

  @Override
  final SubmitSites.@Nullable Site submitSite() {
    RunExtras more = extras;
    return more == null ? null : more.submitSite;
  }

  /** Keeps it to its limits; {@link RunWatch#NONE} if it has none. */
  public final RunWatch watch() {
    RunExtras more = extras;
    return more == null ? RunWatch.NONE : more.watch;
  }

  @Override
  public final void progress(@Nullable String what) {
    watch().progress(what);
  }

  @Override
  public final boolean isAbandoned() {
    return state >= ABANDONED;
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
    return extras().taskId(owner);
  }

  /** Whether it belongs to {@code executor} and no worker has begun it yet. */
  public final boolean isQueuedIn(TaskExecutor executor) {
    return owner == executor && state == QUEUED;
  }

  /** What the task is, for messages: {@code task 17 (com.example.Report lambda)}. */
  @Override
  public final String describe() {
    return "task " + taskId() + " (" + Descriptions.ofClass(taskClass) + ")";
  }

  @Override
  final void offerToWaitingWorker() {
    if (state == QUEUED) {
      WorkerScope scope = WorkerScope.current();
      if (scope != null && scope.executor() == owner) {
        HeldSections.suspend(); // it may run here and now, on top of this one's sections
        try {
          scope.beforeWaitingFor(this);
        } finally {
          HeldSections.resume();
        }
      }
    }
  }

  @Override
  public String toString() {
    String outcome =
        !isDone()
            ? (state == QUEUED ? "queued" : "running")
            : isCancelled() ? "cancelled" : isCompletedExceptionally() ? "failed" : "completed";
    return describe() + " [" + outcome + "]";
  }
}
