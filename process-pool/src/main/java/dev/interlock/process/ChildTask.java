// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.TaskContext;
import dev.interlock.spi.RunningTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A task in the child that runs it. Its progress goes to the parent by the tasks channel, one frame
 * in a while, and none while the parent does not read: a task never waits for that. Thread-safe.
 */
final class ChildTask implements RunningTask {
  private static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(TaskContext.PERIOD_MS);

  private final long delivery;
  private final ChildEnd end;
  private final AtomicLong nextNs;
  private volatile boolean cancelled;
  private volatile boolean over;

  ChildTask(long delivery, ChildEnd end, long startNs) {
    this.nextNs = new AtomicLong(startNs);
    this.delivery = delivery;
    this.end = end;
  }

  long delivery() {
    return delivery;
  }

  @Override
  public long taskId() {
    return Delivery.taskId(delivery);
  }

  @Override
  public int attempt() {
    return Delivery.attempt(delivery);
  }

  @Override
  public void progress(@Nullable String what) {
    long now = System.nanoTime();
    long next = nextNs.get();
    if (over || now - next < 0 || !nextNs.compareAndSet(next, now + PERIOD_NS)) {
      return;
    }
    byte[] words = what == null ? new byte[0] : what.getBytes(StandardCharsets.UTF_8);
    try {
      end.offer(new Frame(Frame.Kind.PROGRESS, delivery, words));
    } catch (IOException e) {
      over = true; // the parent is gone: the watchdog ends this process
    }
  }

  @Override
  public boolean isAbandoned() {
    return cancelled;
  }

  /** The parent does not want it any more. */
  void cancelled() {
    cancelled = true;
  }

  /** It has ended: what its threads say from now on is not passed on. */
  void ended() {
    over = true;
  }
}
