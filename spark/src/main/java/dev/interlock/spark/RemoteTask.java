// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.spi.RunningTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;

/** A task in an executor, as its own code sees it. Thread-safe. */
final class RemoteTask implements RunningTask {
  private static final long PERIOD_NS =
      TimeUnit.MILLISECONDS.toNanos(dev.interlock.TaskContext.PERIOD_MS);

  private final PoolSpec pool;
  private final long taskId;
  private final int attempt;
  private final TaskContext context;
  private final AtomicLong nextNs = new AtomicLong(System.nanoTime());
  private volatile boolean over;

  RemoteTask(PoolSpec pool, long taskId, int attempt, TaskContext context) {
    this.pool = pool;
    this.taskId = taskId;
    this.attempt = attempt;
    this.context = context;
  }

  PoolSpec pool() {
    return pool;
  }

  @Override
  public long taskId() {
    return taskId;
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public void progress(@Nullable String what) {
    long now = System.nanoTime();
    long next = nextNs.get();
    if (!over && now - next >= 0 && nextNs.compareAndSet(next, now + PERIOD_NS)) {
      ExecutorChannel.send(new ChannelMessage.Progress(pool.id(), taskId, attempt, what));
    }
  }

  @Override
  public boolean isAbandoned() {
    return context.isInterrupted();
  }

  /** What its threads say from now on is not passed on. */
  void ended() {
    over = true;
  }
}
