// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import dev.interlock.subinterpreter.InterpreterQueue;
import dev.interlock.subinterpreter.Interpreters;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jctools.queues.SpscArrayQueue;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Queues between interpreters: an item to another thread and back, and beside it the same over two
 * single-producer single-consumer queues of JCTools that spin; an item put and got by one thread.
 */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls open() first
public class InterpreterQueueBenchmark {
  private static final Object TUPLE = List.of(1, "ab", 2.5);

  private final byte[] bytes = new byte[1 << 20];
  private final ByteBuffer memory = ByteBuffer.allocateDirect(1 << 20);
  private InterpreterQueue queue;

  /** Opens the queue. */
  @Setup
  public void open() {
    queue = Interpreters.createQueue();
  }

  /** Closes it. */
  @TearDown
  public void close() {
    queue.close();
  }

  /** A thread that answers, and the two queues between. */
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // JMH calls open() first
  public static class Echo {
    private InterpreterQueue there;
    private InterpreterQueue back;
    private Thread thread;

    /** Starts the thread. */
    @Setup(Level.Iteration)
    public void open() {
      there = Interpreters.createQueue();
      back = Interpreters.createQueue();
      thread = new Thread(this::echo, "echo");
      thread.start();
    }

    private void echo() {
      try {
        for (Object item = there.get(); item != null; item = there.get()) {
          back.put(item);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Ends the thread. */
    @TearDown(Level.Iteration)
    public void close() throws InterruptedException {
      there.put(null);
      thread.join();
      there.close();
      back.close();
    }
  }

  /** The same over JCTools. */
  @State(Scope.Benchmark)
  public static class SpinningEcho {
    private final SpscArrayQueue<Object> there = new SpscArrayQueue<>(1024);
    private final SpscArrayQueue<Object> back = new SpscArrayQueue<>(1024);
    private final AtomicReference<@Nullable Thread> running = new AtomicReference<>();

    /** Starts the thread. */
    @Setup(Level.Iteration)
    public void open() {
      Thread thread = new Thread(this::echo, "spinning-echo");
      running.set(thread);
      thread.start();
    }

    private void echo() {
      while (running.get() != null) {
        Object item = there.poll();
        if (item == null) {
          Thread.onSpinWait();
        } else {
          back.offer(item);
        }
      }
    }

    /** Ends the thread. */
    @TearDown(Level.Iteration)
    public void close() throws InterruptedException {
      Thread thread = running.getAndSet(null);
      if (thread != null) {
        thread.join();
      }
    }
  }

  /** An item there and back. */
  @Benchmark
  public @Nullable Object roundTrip(Echo echo) throws InterruptedException {
    echo.there.put(1);
    return echo.back.get();
  }

  /** An item there and back over JCTools. */
  @Benchmark
  public Object roundTripOfJctools(SpinningEcho echo) {
    echo.there.offer(1);
    Object item = echo.back.poll();
    while (item == null) {
      Thread.onSpinWait();
      item = echo.back.poll();
    }
    return item;
  }

  /** A small tuple. */
  @Benchmark
  public @Nullable Object tuple() throws InterruptedException {
    queue.put(TUPLE);
    return queue.get();
  }

  /** A mebibyte, copied. */
  @Benchmark
  public @Nullable Object mebibyte() throws InterruptedException {
    queue.put(bytes);
    return queue.get();
  }

  /** A mebibyte of shared memory. */
  @Benchmark
  public @Nullable Object sharedMemory() throws InterruptedException {
    queue.put(memory);
    return queue.get();
  }
}
