// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import dev.interlock.Task;
import dev.interlock.subinterpreter.Interpreter;
import dev.interlock.subinterpreter.Interpreters;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
 * PEP 734's interpreters: create, call, exec. The modes show medians; {@code
 * benchmarks/cpython/interpreters.py} prints the same figures of CPython.
 */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 2)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class InterpreterBenchmark {
  private static final Task<Integer> ONE = () -> 1;

  /** An interpreter that has run something already. */
  @State(Scope.Thread)
  public static class Warm {
    Interpreter interpreter = Interpreters.create();

    /** Loads what the calls need. */
    @Setup(Level.Trial)
    public void call() {
      interpreter.call(ONE);
      interpreter.exec("int x = 0;");
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() {
      interpreter.close();
    }
  }

  /** {@link Warm}, whose thread has parked since the last call. */
  @State(Scope.Thread)
  public static class Parked extends Warm {
    /** Longer than the thread looks for work. */
    @Setup(Level.Invocation)
    public void pause() {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /** What {@link #create} has made, to be closed outside of the measurement. */
  @State(Scope.Thread)
  public static class Fresh {
    @Nullable Interpreter interpreter;

    /** Closes it. */
    @TearDown(Level.Invocation)
    public void close() {
      if (interpreter != null) {
        interpreter.close();
      }
    }
  }

  /** {@code Interpreters.create()}. */
  @Benchmark
  public Interpreter create(Fresh fresh) {
    Interpreter created = Interpreters.create();
    fresh.interpreter = created;
    return created;
  }

  /** {@code Interpreters.create()} and a first call, which starts a thread and loads classes. */
  @Benchmark
  public Integer createAndCall(Fresh fresh) {
    Interpreter created = Interpreters.create();
    fresh.interpreter = created;
    return created.call(ONE);
  }

  /** {@code call} right after the last one. */
  @Benchmark
  public Integer callHot(Warm warm) {
    return warm.interpreter.call(ONE);
  }

  /** {@code call} a millisecond after the last one. */
  @Benchmark
  public Integer callParked(Parked parked) {
    return parked.interpreter.call(ONE);
  }

  /** {@code exec} of one assignment. */
  @Benchmark
  public void exec(Warm warm) {
    warm.interpreter.exec("x = 1;");
  }
}
