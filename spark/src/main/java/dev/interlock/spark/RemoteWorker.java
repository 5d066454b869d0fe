// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.TaskTimeoutException;
import dev.interlock.codec.CapsuleRunner;
import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.InterruptSlot;
import dev.interlock.spi.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks in an executor, on the thread that Spark gives them. A worker of a pool is such a
 * thread: the pool's initializer runs before its first task there.
 */
final class RemoteWorker {
  /** The codec of the class loader that tasks are loaded by, which stays the same mostly. */
  private static volatile @Nullable TaskCodec codec;

  /** Pools that have begun on the thread. */
  private static final ThreadLocal<Set<String>> POOLS = ThreadLocal.withInitial(HashSet::new);

  private RemoteWorker() {}

  /** The answer to the driver. What tasks throw is in it; this throws nothing of theirs. */
  static byte[] run(PoolSpec pool, List<TaskPartition.Content> tasks, TaskContext context) {
    if (tasks.isEmpty()) {
      return Answer.NOTHING;
    }
    TaskCodec loaded = codec();
    try {
      boolean fresh = !POOLS.get().contains(pool.id());
      if (fresh && pool.initializer() != null) {
        byte[] outcome = CapsuleRunner.run(loaded, pool.initializer());
        if (!CapsuleRunner.outcome(loaded, outcome).isSuccess()) {
          return Answer.initializerFailed(outcome);
        }
      }
      POOLS.get().add(pool.id());
      List<byte[]> outcomes = new ArrayList<>(tasks.size());
      for (TaskPartition.Content task : tasks) {
        outcomes.add(run(pool, task, context, loaded));
      }
      return Answer.of(outcomes, fresh);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // writing to memory
    }
  }

  private static byte[] run(
      PoolSpec pool, TaskPartition.Content task, TaskContext context, TaskCodec loaded) {
    InterruptSlot slot = InterruptSlot.ofCaller();
    RemoteTask running = new RemoteTask(pool, task, context, slot);
    if (pool.killAfterMs() > 0) {
      KillWatch.begin(running);
    }
    slot.enter(running);
    running.begin();
    byte[] outcome;
    try {
      outcome = CapsuleRunner.run(loaded, task.capsule());
    } catch (Throwable failure) { // out of memory while encoding, say
      outcome = loaded.encode(Outcome.failure(failure));
    } finally {
      running.end();
      slot.leave(running);
      KillWatch.end(running);
    }
    TaskTimeoutException timeout = running.timeout();
    return timeout == null ? outcome : loaded.encode(Outcome.failure(timeout));
  }

  /** The codec for what this thread loads classes by. */
  static TaskCodec codec() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    TaskCodec known = codec;
    if (known == null || known.loader() != loader) {
      known = new TaskCodec(loader);
      codec = known;
    }
    return known;
  }
}
