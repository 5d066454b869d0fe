// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.codec.CapsuleRunner;
import dev.interlock.codec.EncodedRun;
import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.AbstractTaskExecutor;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.TaskRun;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What a task gets that opens this strategy in an executor of a cluster, where Spark allows no
 * SparkContext: each task runs at once, in its submitter, copied as it would be on the way to an
 * executor. Its slot is the one that the outer task has.
 */
final class InPlaceExecutor extends AbstractTaskExecutor {
  private final TaskCodec codec = RemoteWorker.codec();

  InPlaceExecutor(ExecutorSettings settings) {
    super(settings.withWorkers(1), SparkProvider.LOCAL);
  }

  @Override
  protected <T extends @Nullable Object> TaskRun<T> prepare(Callable<T> task) {
    return new EncodedRun<>(this, codec, task);
  }

  @Override
  protected void enqueue(TaskRun<?> run) {
    if (run instanceof EncodedRun<?> encoded && run.begin(task -> {})) {
      encoded.sent();
      encoded.completeWith(codec, CapsuleRunner.run(codec, encoded.capsule()));
    }
  }

  @Override
  protected List<TaskRun<?>> drainQueue() {
    return List.of();
  }

  @Override
  protected void interruptRunning() {}

  @Override
  protected void stopWorkers() {
    workersGone();
  }
}
