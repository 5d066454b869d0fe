// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import dev.interlock.TaskExecutor;
import dev.interlock.TaskFunction;
import dev.interlock.examples.Load;
import dev.interlock.examples.TaskSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs tasks on an executor. Closing it closes the executor. */
final class ExecutorRunner implements Runner {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private final TaskExecutor executor;

  ExecutorRunner(TaskExecutor executor) {
    this.executor = executor;
  }

  @Override
  public <A, R> List<R> run(TaskSet<A, R> set, List<A> inputs) throws Exception {
    if (set.load() == Load.CPU) {
      try (Stream<R> results = executor.map(set.function(), inputs)) {
        return results.toList();
      }
    }
    List<R> results = new ArrayList<>(inputs.size());
    for (Future<R> future : submitAll(set, inputs)) {
      results.add(future.get());
    }
    return results;
  }

  @Override
  public <A, R> List<Future<R>> submitAll(TaskSet<A, R> set, List<A> inputs) {
    TaskFunction<A, R> function = set.function();
    List<Future<R>> futures = new ArrayList<>(inputs.size());
    for (A input : inputs) {
      futures.add(executor.submit(() -> function.apply(input)));
    }
    return futures;
  }

  @Override
  public int workers() {
    return executor.workers();
  }

  @Override
  public int workersAlive() {
    return executor.stats().workers();
  }

  @Override
  public long encodedBytes() {
    return executor.stats().encodedBytes();
  }

  @Override
  public @Nullable LockFigures lock() {
    return LockFigures.of(executor);
  }

  @Override
  public void close() {
    executor.close(CLOSE_LIMIT);
  }
}
