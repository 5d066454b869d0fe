// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.TaskExecutor;
import dev.interlock.spi.WorkerScope;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of an executor on the parent's side: it completes futures, and so runs the
 * callbacks of users.
 *
 * <p>A callback may wait for another future of the same executor, which then must be completed by
 * somebody else. So collecting is a role, held by one thread at a time: a thread that is about to
 * block, or is found stuck, loses the role to a new thread, and ends when its callback returns.
 *
 * <p><b>Wake-up.</b> The collector looks for work some thousand times, then announces that it
 * parks, looks again, and parks. Who has work for it makes the work visible before looking for a
 * parked collector, so one of the two sees the other.
 *
 * <p><b>Assistance.</b> While a thread {@link #beginAssisting assists}, nobody wakes the collector
 * for an outcome. It ends that before it looks whether there is still something to collect, and who
 * has made something visible looks for an assistant afterwards, so again one sees the other.
 */
final class Collector {
  /** What there is to collect. */
  interface Source {
    /** Whether {@link #collect} would do something, or {@link #isFinished} has become true. */
    boolean hasNews();

    /** Collects one thing after the other while {@code collector.isCurrent()}; false if none. */
    boolean collect(Collector collector);

    /** Whether nothing will come any more. */
    boolean isFinished();

    /** Called once, when it is finished, by the last thread that has the role. */
    void finished();
  }

  private final String name;
  private final TaskExecutor executor;
  private final Source source;
  private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();
  private final AtomicInteger threads = new AtomicInteger();

  /** Who has the role. */
  private volatile @Nullable Thread current;

  private final AtomicReference<@Nullable Thread> parked = new AtomicReference<>();

  /** A thread that waits for a result and looks for it in the collector's place. */
  private final AtomicReference<@Nullable Thread> assistant = new AtomicReference<>();

  private final AtomicLong collections = new AtomicLong();

  /** A hint: it may be wrong for a moment when the role changes hands. */
  private volatile boolean inCallback;

  Collector(String name, TaskExecutor executor, Source source) {
    this.name = name;
    this.executor = executor;
    this.source = source;
  }

  /** Starts collecting. Called once. */
  void start() {
    replace(null);
  }

  /** There may be news. From any thread. */
  void ring() {
    if (assistant.get() == null) {
      wake();
    }
  }

  private void wake() {
    Thread thread = parked.get();
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  /** Whether the current thread may look for outcomes; then it is to {@link #endAssisting} soon. */
  boolean beginAssisting() {
    return assistant.get() == null && assistant.compareAndSet(null, Thread.currentThread());
  }

  void endAssisting() {
    assistant.set(null);
    if (source.hasNews()) {
      wake();
    }
  }

  /** Lets the collector do something that may complete futures. From any thread. */
  void post(Runnable errand) {
    errands.add(errand);
    wake();
    if (inCallback) {
      replace(current);
    }
  }

  long collections() {
    return collections.get();
  }

  /** Gives the role to a new thread, unless something has been collected since then. */
  void replaceIfStuckAt(long then) {
    if (collections.get() == then) {
      replace(current);
    }
  }

  /** Whether the current thread has the role; if not, it must stop collecting. */
  boolean isCurrent() {
    return current == Thread.currentThread();
  }

  /** Runs what may run callbacks. */
  void complete(Runnable completion) {
    collections.incrementAndGet();
    inCallback = true;
    completion.run();
    if (isCurrent()) {
      inCallback = false;
    }
  }

  private synchronized void replace(@Nullable Thread stuck) {
    if (current != stuck) {
      return;
    }
    Thread thread = InterpreterThread.unstarted(name + "-" + threads.incrementAndGet(), this::run);
    inCallback = false;
    current = thread;
    LockSupport.unpark(stuck);
    thread.start();
  }

  private void run() {
    new Scope().bind();
    while (isCurrent()) {
      boolean any = runErrands();
      any |= source.collect(this);
      if (!any && isCurrent()) {
        if (source.isFinished()) {
          source.finished();
          return;
        }
        await();
      }
    }
  }

  private boolean runErrands() {
    boolean any = false;
    while (isCurrent()) {
      Runnable errand = errands.poll();
      if (errand == null) {
        break;
      }
      complete(errand);
      any = true;
    }
    return any;
  }

  private void await() {
    for (int spin = 0; spin < WaitPoint.SPINS; spin++) {
      if (hasNews()) {
        return;
      }
      if (assistant.get() != null) {
        break;
      }
      Thread.onSpinWait();
    }
    parked.set(Thread.currentThread());
    while (!hasNews()) {
      LockSupport.park(this);
      Thread.interrupted(); // a callback's, which would keep it from parking
    }
    parked.compareAndSet(Thread.currentThread(), null);
  }

  private boolean hasNews() {
    return !errands.isEmpty() || !isCurrent() || (assistant.get() == null && source.hasNews());
  }

  /** Of the executor, so that a callback may submit beyond the queue's bound, but not close it. */
  private final class Scope extends WorkerScope {
    @Override
    protected TaskExecutor executor() {
      return executor;
    }

    @Override
    protected void beforeBlocking() {
      replace(Thread.currentThread());
    }

    @Override
    protected void afterBlocking() {}
  }
}
