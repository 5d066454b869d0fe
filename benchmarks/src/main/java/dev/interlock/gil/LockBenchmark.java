// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The interpreter lock without contention, beside the JDK's. In the package of the lock, which is
 * not public.
 */
@NullMarked
@State(Scope.Thread)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LockBenchmark {
  private final InterpreterLock lock =
      new InterpreterLock(
          "benchmark",
          new LockSettings(SwitchPolicy.SWITCH_INTERVAL, 5_000_000, 100, TakeOverRule.DEADLOCKED));
  private final Contender me = new Contender();
  private final ReentrantLock jdk = new ReentrantLock();

  /** Takes the lock and drops it. */
  @Benchmark
  public void acquireAndRelease() {
    lock.acquire(me, Waiter.Kind.RETURNING);
    lock.release(me);
  }

  /** The same, as a task does it: from then on it may be taken over. */
  @Benchmark
  public void acquireExposeAndRelease() {
    lock.acquire(me, Waiter.Kind.RETURNING);
    me.runs(0);
    lock.release(me);
  }

  /** The JDK's lock. */
  @Benchmark
  public void reentrantLock() {
    jdk.lock();
    try {
      // nothing
    } finally {
      jdk.unlock();
    }
  }

  /** What running code pays where nobody asks for the lock. */
  @Benchmark
  public void checkpoint() {
    Gil.checkpoint();
  }

  /** What begins a blocking call to be sure of its stack. */
  @Benchmark
  public void stackReserve() {
    StackReserve.toBlock();
  }
}
