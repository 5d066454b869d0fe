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
 * <p><b>Two words.</b> The outcome, of {@link RunFuture}, is decided once, by whoever runs the
 * body, cancels, or fails the task. The state says who has the body: {@code QUEUED -> RUNNING ->
 * ENDED}; {@code RUNNING -> QUEUED} when a worker gives it back unstarted; {@code QUEUED -> ENDED}
 * when it is cancelled or fails before it starts; {@code RUNNING -> ABANDONED -> ENDED} when it is
 * cancelled, or times out, while it runs: then the body goes on until it notices or is stopped; by
 * way of {@code INTERRUPT} if its thread is to be interrupted. A run whose body decides the outcome
 * stays {@code RUNNING}: nobody asks any more.
 *
 * <p>Who cancels decides the outcome, then looks at the state; who begins moves the state, then
 * looks at the outcome. So a task that was cancelled before it began does not begin.
 *
 * <p><b>Concurrency.</b> No locks. A worker in this process calls {@link #runIn}; one elsewhere
 * calls {@link #begin}, and later {@link #succeed} or {@link #fail}, each once. A run has no field
 * to spare: there are as many as tasks are queued. It is 32 bytes long.
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

  /** As {@link #ABANDONED}, and the thread of the body has been interrupted. */
  private static final int INTERRUPTED = 5;

  private static final VarHandle STATE;
  private static final VarHandle CONTEXT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(TaskRun.class, "state", int.class);
      CONTEXT = lookup.findVarHandle(TaskRun.class, "context", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The executor; or {@link RunExtras}, which has it. */
  @SuppressWarnings("UnusedVariable") // through CONTEXT
  private Object context;

  /** What is called; once that is not needed any more, the class that the user wrote. */
  private Object task;

  /**
   * How the body is interrupted, if that is known. Two workers that try to begin the run at once
   * both write it, so it may lead to the one that failed: {@link
   * AbstractTaskExecutor#interruptWhereItRuns}.
   */
  private @Nullable Interruption interruption;

  /** Not set here: a volatile write in each constructor would be a fence for each task. */
  private volatile int state;

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
    this.context = owner;
    this.task = runsHere ? task : Descriptions.classOf(task);
  }

  private AbstractTaskExecutor owner() {
    return ownerIn(CONTEXT.getAcquire(this));
  }

  private static AbstractTaskExecutor ownerIn(Object context) {
    return context instanceof RunExtras extras ? extras.owner : (AbstractTaskExecutor) context;
  }

  private @Nullable RunExtras extrasIfAny() {
    return CONTEXT.getAcquire(this) instanceof RunExtras extras ? extras : null;
  }

  /**
   * Runs the body on the current thread, whose slot is given; nothing happens if it was cancelled.
   */
  public final void runIn(InterruptSlot slot) {
    if (beginIn(slot, null)) {
      runBegunIn(slot, null);
    }
  }

  /** The first half of {@link #runIn}; false if it was cancelled, or another worker has it. */
  public final boolean beginIn(InterruptSlot slot, @Nullable Object paused) {
    slot.enter(this);
    if (begin(slot)) {
      return true;
    }
    slot.leave(this, paused, false);
    return false;
  }

  /**
   * As {@link #beginIn(InterruptSlot, Object)}, for a run that the current thread has just taken
   * out of its own queue by a plain write. The compare-and-set here decides who runs it, so that
   * need not be a volatile write as well; if the run does not begin, a volatile write follows. How
   * it is interrupted is found when that is asked for.
   *
   * @param paused what {@link RunSlot#pause} returned, if it runs on top of another task
   */
  public final boolean beginTaken(InterruptSlot slot, @Nullable Object paused) {
    Object known = CONTEXT.getAcquire(this); // before: after a compare-and-set all is read again
    slot.enter(this);
    if (moved(QUEUED, RUNNING) && begun(known)) {
      return true;
    }
    slot.leave(this, paused, false);
    return false;
  }

  /** The second half of {@link #runIn}. */
  public final void runBegunIn(InterruptSlot slot, @Nullable Object paused) {
    // What is needed at the end is read here: after a compare-and-set all is read again.
    Object known = CONTEXT.getAcquire(this);
    AbstractTaskExecutor owner = ownerIn(known);
    RunExtras more = known instanceof RunExtras extras ? extras : null;
    if (owner.interruptsEveryTask()) { // shutdownNow may have looked before the task was here
      slot.interruptOwn(this);
    }
    Object how;
    boolean completed = true;
    try {
      T result = callBody();
      how = success(presetOr(result, more));
    } catch (Throwable failure) { // the task's own: it goes to whoever asks for the result
      how = failure(failure);
      completed = false;
    }
    Tally.Stripe stripe = slot.stripe();
    Tally tally = owner.tally();
    tally.bodyEnded(stripe, completed);
    dropTask();
    slot.bodyEnded(paused);
    FutureWaiter waited = decide(how);
    slot.leave(this, paused, waited != null);
    if (waited != null) {
      tell(waited);
    } else {
      tally.bodyEndedInVain(stripe, completed);
      state = ENDED;
    }
    if (more != null) {
      more.watch.ended();
    }
    owner.taskEnded();
  }

  @SuppressWarnings("unchecked") // as given to the constructor, until the run has ended
  private T callBody() throws Exception {
    return callBody((Callable<? extends T>) task);
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
    if (state != QUEUED) {
      return false;
    }
    interruption = howToInterrupt;
    return moved(QUEUED, RUNNING) && begun(CONTEXT.getAcquire(this));
  }

  /** A worker has the task now; false if it was cancelled before. */
  private boolean begun(Object known) {
    AbstractTaskExecutor owner = ownerIn(known);
    owner.leftQueue();
    if (isDone()) { // whoever cancels it finds that it is not queued, and leaves the rest to us
      end();
      return false;
    }
    if (known instanceof RunExtras more && !owner.watchesRuns()) {
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
    owner().backInQueue();
    if (moved(RUNNING, QUEUED)) {
      return true;
    }
    owner().leftQueue();
    return false;
  }

  /** The body of the running task has returned. */
  public final void succeed(T result) {
    settle(success(presetOr(result, extrasIfAny())), true);
  }

  /** The body of the running task has thrown, or its worker is lost. */
  public final void fail(Throwable failure) {
    settle(failure(failure), false);
  }

  private void settle(Object how, boolean completed) {
    Tally tally = owner().tally();
    tally.bodyEnded(null, completed);
    FutureWaiter waited = decide(how);
    if (waited != null) {
      tell(waited);
      release();
    } else { // the run was abandoned before
      tally.bodyEndedInVain(null, completed);
      end();
    }
  }

  private static @Nullable Object presetOr(@Nullable Object result, @Nullable RunExtras more) {
    return more == null ? result : more.resultOr(result);
  }

  /** The body has ended, or will not begin, and somebody else has decided the outcome. */
  private void end() {
    state = ENDED;
    release();
  }

  /** Fails the task if no worker has it yet; false if one has, or it is done. */
  public final boolean failQueued(Throwable failure) {
    if (!moved(QUEUED, ENDED)) {
      return false;
    }
    owner().leftQueue();
    owner().tally().taskFailed(null);
    FutureWaiter waited = decide(failure(failure));
    if (waited == null) {
      owner().tally().taskNotFailed();
    } else {
      tell(waited);
    }
    release();
    return waited != null;
  }

  @Override
  public final boolean cancel(boolean mayInterruptIfRunning) {
    if (isDone()) {
      return false;
    }
    Tally tally = owner().tally();
    tally.taskCancelled();
    FutureWaiter waited = decide(cancellation());
    if (waited == null) {
      tally.taskNotCancelled();
      return false;
    }
    if (takeFromWorkers(mayInterruptIfRunning ? INTERRUPT : ABANDONED)) {
      owner().leftQueue();
      tell(waited);
      release();
      return true;
    }
    tell(waited);
    if (mayInterruptIfRunning) {
      interruptBody();
    } else if (interruption != null) {
      interruption.withdraw(this);
    }
    return true;
  }

  private void interruptBody() {
    Interruption running = interruption;
    if (running != null) {
      running.interrupt(this);
    }
    if (state == INTERRUPT) {
      owner().interruptWhereItRuns(this);
    }
  }

  /**
   * Whoever has decided the outcome, and has no body to run, sees to it that no worker begins the
   * body any more. True if none had; if not, the run is abandoned, or has ended.
   */
  private boolean takeFromWorkers(int abandoned) {
    while (true) {
      if (moved(QUEUED, ENDED)) {
        return true;
      }
      if (moved(RUNNING, abandoned) || state != QUEUED) { // a worker may have put it back
        return false;
      }
    }
  }

  /**
   * Fails the future of a running task whose body is about to be stopped, or of a queued one, which
   * then never runs. What the body does from now on counts for nothing.
   *
   * @param stop called before anybody is told, since callbacks may take long; not for a queued task
   * @return false, with nothing done, if the future is done already
   */
  public final boolean abandon(Throwable why, Runnable stop) {
    return abandon(why, stop, ABANDONED);
  }

  private boolean abandon(Throwable why, Runnable stop, int abandoned) {
    if (isDone()) {
      return false;
    }
    Tally tally = owner().tally();
    tally.taskFailed(null);
    FutureWaiter waited = decide(failure(why));
    if (waited == null) {
      tally.taskNotFailed();
      return false;
    }
    if (takeFromWorkers(abandoned)) {
      owner().leftQueue();
      tell(waited);
      release();
      return true;
    }
    try {
      stop.run();
    } finally {
      tell(waited);
    }
    return true;
  }

  /** Fails the future and interrupts the body, or keeps a queued task from ever running. */
  public final void stopByInterrupt(TaskTimeoutException why) {
    abandon(why, this::interruptBody, INTERRUPT);
  }

  /**
   * Whether the thread of the abandoned body is still to be interrupted; from now on it is not.
   * Whoever gets true interrupts it, so that it happens once.
   */
  final boolean takeInterrupt() {
    return state == INTERRUPT && moved(INTERRUPT, INTERRUPTED);
  }

  /** Whether the thread of the abandoned body was interrupted for its sake. */
  final boolean isInterrupted() {
    return state == INTERRUPTED;
  }

  /** The interrupt came while another run was on top of this one: it is still to be done. */
  final void giveInterruptBack() {
    STATE.compareAndSet(this, INTERRUPTED, INTERRUPT);
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
      dropTask();
      FutureWaiter waited = decide(failure(watch().late(TaskTimeoutException.Kind.TOTAL)));
      if (waited != null) {
        tell(waited);
      }
    }
  }

  /** Drops what the run held, for it was not let in; who submitted it has an exception instead. */
  final void turnedAway() {
    dropTask();
    watch().ended();
  }

  private void dropTask() {
    task = taskClass();
    dropPayload();
  }

  private boolean moved(int from, int to) {
    return STATE.compareAndSet(this, from, to);
  }

  /** Drops what the run held; its future stays. */
  private void release() {
    dropTask();
    if (CONTEXT.getAcquire(this) instanceof RunExtras more) {
      more.watch.ended();
      more.owner.taskEnded();
    } else {
      owner().taskEnded();
    }
  }

  /** Called once when the run has ended: drop what was kept for it. */
  protected void dropPayload() {}

  /** Does nothing but run a task that is still queued, in the caller. */
  @Override
  public final void run() {
    runIn(InterruptSlot.ofCaller());
  }

  private RunExtras extras() {
    Object now = CONTEXT.getAcquire(this);
    if (now instanceof RunExtras known) {
      return known;
    }
    RunExtras fresh = new RunExtras((AbstractTaskExecutor) now);
    Object before = CONTEXT.compareAndExchange(this, now, (Object) fresh);
    return before instanceof RunExtras known ? known : fresh;
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
    RunExtras more = extrasIfAny();
    return more == null ? null : more.submitSite;
  }

  /** Keeps it to its limits; {@link RunWatch#NONE} if it has none. */
  public final RunWatch watch() {
    RunExtras more = extrasIfAny();
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
    Object known = task;
    return known instanceof Class<?> type ? type : Descriptions.classOf(known);
  }

  @Override
  public final long taskId() {
    return extras().taskId();
  }

  /** Whether it belongs to {@code executor} and no worker has begun it yet. */
  public final boolean isQueuedIn(TaskExecutor executor) {
    return state == QUEUED && !isDone() && owner() == executor;
  }

  /** What the task is, for messages: {@code task 17 (com.example.Report lambda)}. */
  @Override
  public final String describe() {
    return "task " + taskId() + " (" + Descriptions.ofClass(taskClass()) + ")";
  }

  @Override
  final void offerToWaitingWorker() {
    if (state == QUEUED) {
      WorkerScope scope = WorkerScope.current();
      if (scope != null && scope.executor() == owner()) {
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
