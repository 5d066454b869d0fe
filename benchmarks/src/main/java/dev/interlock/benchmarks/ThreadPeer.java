// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import dev.interlock.Interlock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/** The executors that {@code free-threaded} is measured beside. */
public enum ThreadPeer {
  /** {@link java.util.concurrent.ThreadPoolExecutor} with a {@code LinkedBlockingQueue}. */
  THREAD_POOL("thread pool") {
    @Override
    ExecutorService open(int workers) {
      return Executors.newFixedThreadPool(workers);
    }
  },
  /** {@link ForkJoinPool} in its asynchronous mode, which is the one for events. */
  FORK_JOIN("fork-join, async") {
    @Override
    ExecutorService open(int workers) {
      return new ForkJoinPool(workers, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
    }
  },
  /** A virtual thread per task, on as many carriers as there are processors; from JDK 21 on. */
  VIRTUAL("virtual threads") {
    @Override
    boolean exists() {
      return Runtime.version().feature() >= 21;
    }

    @Override
    ExecutorService open(int workers) {
      try {
        return (ExecutorService)
            MethodHandles.publicLookup()
                .findStatic(
                    Executors.class,
                    "newVirtualThreadPerTaskExecutor",
                    MethodType.methodType(ExecutorService.class))
                .invokeExact();
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new LinkageError("This JDK has no virtual threads.", e);
      }
    }
  },
  /** Ours. */
  FREE_THREADED("free-threaded") {
    @Override
    ExecutorService open(int workers) {
      return Interlock.builder().strategy("free-threaded").workers(workers).open();
    }
  };

  private final String title;

  ThreadPeer(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** Whether this JDK has it. */
  boolean exists() {
    return true;
  }

  abstract ExecutorService open(int workers);

  /** Waits until its tasks have ended. */
  void close(ExecutorService pool) throws InterruptedException {
    pool.shutdown();
    if (!pool.awaitTermination(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException(title + " did not end");
    }
  }
}
