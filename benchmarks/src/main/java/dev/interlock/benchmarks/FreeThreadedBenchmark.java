// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * {@code free-threaded} beside the JDK's executors, each in a JVM of its own. {@code -prof gc}
 * gives what a submit allocates; {@code -p peer=... -p workers=... -p producers=...} choose.
 */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class FreeThreadedBenchmark {
  private static final int TINY = 100_000;
  private static final int FUTURES = 10_000;

  /** One of the peers, open. */
  @State(Scope.Benchmark)
  public static class Peer {
    /** Whose figures. */
    @Param({"THREAD_POOL", "FORK_JOIN", "FREE_THREADED"})
    public ThreadPeer peer = ThreadPeer.FREE_THREADED;

    /** How many threads run tasks. */
    @Param("2")
    public int workers;

    ExecutorService pool = ForkJoinPool.commonPool();

    /** Opens it. */
    @Setup(Level.Trial)
    public void open() {
      pool = peer.open(workers);
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() throws InterruptedException {
      peer.close(pool);
    }
  }

  /** How many threads submit. */
  @State(Scope.Benchmark)
  public static class Producers {
    /** At once. */
    @Param({"1", "2", "4", "8"})
    public int producers;
  }

  /** Tasks that only count themselves, until all have run. */
  @Benchmark
  @OperationsPerInvocation(TINY)
  public void tiny(Peer peer, Producers producers) throws Exception {
    ThreadWorkloads.tiny(peer.pool, producers.producers, TINY);
  }

  /** Many submits, then the result of each. */
  @Benchmark
  @OperationsPerInvocation(FUTURES)
  public long futures(Peer peer) throws Exception {
    return ThreadWorkloads.futures(peer.pool, FUTURES);
  }

  /** {@code submit(task).get()}. */
  @Benchmark
  @BenchmarkMode(Mode.SampleTime)
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public Integer trip(Peer peer) throws Exception {
    return ThreadWorkloads.trip(peer.pool);
  }
}
