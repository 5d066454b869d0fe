// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import dev.interlock.Interlock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The executors to compare, each with two workers. */
@State(Scope.Benchmark)
public class Executors {
  private static final int WORKERS = 2;

  /** An Interlock strategy, or one of the JDK's pools. */
  @Param({
    "gil-threading",
    "process-pool",
    "subinterpreters",
    "free-threaded",
    "jdk-thread-pool",
    "jdk-fork-join"
  })
  public String executor = "";

  ExecutorService service = ForkJoinPool.commonPool();

  /** Opens it. */
  @Setup(Level.Trial)
  public void open() {
    service =
        switch (executor) {
          case "jdk-thread-pool" -> java.util.concurrent.Executors.newFixedThreadPool(WORKERS);
          case "jdk-fork-join" ->
              new ForkJoinPool(
                  WORKERS, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
          default -> Interlock.builder().strategy(executor).workers(WORKERS).open();
        };
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() throws InterruptedException {
    service.shutdown();
    if (!service.awaitTermination(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException(executor + " did not end");
    }
  }
}
