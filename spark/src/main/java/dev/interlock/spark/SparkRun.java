// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.codec.EncodedRun;
import dev.interlock.codec.TaskCodec;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A run that travels by Spark.
 *
 * @param <T> the type of the result
 */
final class SparkRun<T extends @Nullable Object> extends EncodedRun<T> {
  private final boolean chunk;

  SparkRun(SparkExecutor executor, TaskCodec codec, Callable<? extends T> task, boolean chunk) {
    super(executor, codec, task);
    this.chunk = chunk;
  }

  /** Whether it holds items of {@code map}, and so is long enough to travel alone. */
  boolean isChunk() {
    return chunk;
  }
}
