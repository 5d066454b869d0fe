// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.VirtualThreads;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts and makes the threads of one executor: core threads, at most as many as there are lanes,
 * on platform threads; and spares, which stand in for blocked ones. Thread-safe, lock-free.
 */
final class WorkerThreads {
  /** The sign bit of {@link #live}: no thread may be added any more. */
  private static final int STOPPED = Integer.MIN_VALUE;

  private final ExecutorSettings settings;
  private final int mostCores;
  private final ThreadOptions options;
  private final @Nullable ClassLoader contextLoader;
  private final AtomicInteger lastNumber = new AtomicInteger();
  private final AtomicInteger cores = new AtomicInteger();
  private final AtomicInteger live = new AtomicInteger();

  WorkerThreads(ExecutorSettings settings, ThreadOptions options) {
    this.settings = settings;
    this.mostCores = settings.workers();
    this.options = options;
    this.contextLoader = Thread.currentThread().getContextClassLoader();
  }

  /** What became of the wish for one more thread. */
  enum Permit {
    /** A core thread may start. */
    CORE,
    /** A spare may start. */
    SPARE,
    /** There are as many as the options allow. */
    FULL,
    /** The executor has stopped. */
    STOPPED
  }

  /** Counts one more thread, if there may be one. */
  Permit permit() {
    for (int count = live.get(); count >= 0; count = live.get()) {
      if (count >= options.maxThreads()) {
        return Permit.FULL;
      }
      if (live.compareAndSet(count, count + 1)) {
        return permitCore() ? Permit.CORE : Permit.SPARE;
      }
    }
    return Permit.STOPPED;
  }

  private boolean permitCore() {
    for (int count = cores.get(); count < mostCores; count = cores.get()) {
      if (cores.compareAndSet(count, count + 1)) {
        return true;
      }
    }
    return false;
  }

  /** Makes the thread of a worker that has a permit. */
  Thread make(Worker worker) {
    String name = settings.name() + "-worker-" + lastNumber.incrementAndGet();
    if (!worker.isSpare() || !options.virtualSpares() || settings.threadFactory() != null) {
      return settings.workerThread(name, worker, contextLoader);
    }
    Thread thread = VirtualThreads.unstarted(name, worker); // a daemon, as they all are
    thread.setContextClassLoader(contextLoader);
    return thread;
  }

  /** What is left once a thread has ended. */
  enum Left {
    OTHERS,
    NONE,
    /** The last thread of a stopped executor has ended. */
    NONE_AND_STOPPED
  }

  /** One thread less. */
  Left ended(boolean spare) {
    if (!spare) {
      cores.decrementAndGet();
    }
    int left = live.decrementAndGet();
    return left == STOPPED ? Left.NONE_AND_STOPPED : left == 0 ? Left.NONE : Left.OTHERS;
  }

  /** Lets no thread start any more; true if there is none. */
  boolean stop() {
    return live.getAndUpdate(count -> count | STOPPED) == 0;
  }

  boolean isStopped() {
    return live.get() < 0;
  }

  boolean isFull() {
    return live.get() >= options.maxThreads();
  }

  int limit() {
    return options.maxThreads();
  }
}
