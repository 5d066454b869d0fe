// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import dev.interlock.Task;
import dev.interlock.codec.TaskCodec;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a capsule costs: a lambda with captured values, and a plain record. */
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
  /** A small task argument. */
  public record Order(long id, String customer, List<Integer> quantities) {}

  private final TaskCodec codec = new TaskCodec(CodecBenchmark.class.getClassLoader());
  private final Order order = new Order(4711, "Ada", List.of(1, 2, 3));
  private final Task<Long> lambda = lambdaOver(order);
  private final byte[] encodedOrder = codec.encode(order);
  private final byte[] encodedLambda = codec.encode(lambda);

  private static Task<Long> lambdaOver(Order order) {
    return order::id;
  }

  /** Encodes the record. */
  @Benchmark
  public byte[] encodeRecord() {
    return codec.encode(order);
  }

  /** Decodes the record. */
  @Benchmark
  public @Nullable Object decodeRecord() {
    return codec.decode(encodedOrder);
  }

  /** Encodes the lambda with the record it captured. */
  @Benchmark
  public byte[] encodeLambda() {
    return codec.encode(lambda);
  }

  /** Decodes the lambda with the record it captured. */
  @Benchmark
  public @Nullable Object decodeLambda() {
    return codec.decode(encodedLambda);
  }
}
