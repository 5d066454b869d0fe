// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import com.google.common.util.concurrent.Futures;
import dev.interlock.TaskFunction;
import dev.interlock.examples.TaskSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The baseline: calls the function for one input after the other, with no executor. */
final class SequentialRunner implements Runner {
  @Override
  public <A, R> List<R> run(TaskSet<A, R> set, List<A> inputs) throws Exception {
    TaskFunction<A, R> function = set.function();
    List<R> results = new ArrayList<>(inputs.size());
    for (A input : inputs) {
      results.add(function.apply(input));
    }
    return results;
  }

  @Override
  public <A, R> List<Future<R>> submitAll(TaskSet<A, R> set, List<A> inputs) throws Exception {
    List<Future<R>> done = new ArrayList<>();
    for (R result : run(set, inputs)) {
      done.add(Futures.immediateFuture(result));
    }
    return done;
  }

  @Override
  public int workers() {
    return 1;
  }

  @Override
  public int workersAlive() {
    return 1;
  }

  @Override
  public long encodedBytes() {
    return 0;
  }

  @Override
  public @Nullable LockFigures lock() {
    return null;
  }

  @Override
  public void close() {}
}
