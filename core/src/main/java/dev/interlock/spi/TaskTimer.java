// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timer of this JVM. One thread, {@code interlock-timer}, waits; what is due runs on threads of
 * its own, {@code interlock-timeout}, since it may run callbacks of futures, which may block. All
 * of them are daemons and end when there is nothing to do. Thread-safe.
 */
public final class TaskTimer {
  private static final Logger log = LoggerFactory.getLogger(TaskTimer.class);
  private static final long KEEP_ALIVE_MS = 250;

  private static final ScheduledThreadPoolExecutor TIMER = timer();
  private static final ThreadPoolExecutor HANDS = hands();

  private TaskTimer() {}

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, body -> daemon(body, "interlock-timer"));
    timer.setKeepAliveTime(KEEP_ALIVE_MS, TimeUnit.MILLISECONDS);
    timer.allowCoreThreadTimeOut(true);
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  private static ThreadPoolExecutor hands() {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        KEEP_ALIVE_MS,
        TimeUnit.MILLISECONDS,
        new SynchronousQueue<>(),
        body -> daemon(body, "interlock-timeout"));
  }

  /** A thread that keeps nothing of the code that happens to need it first. */
  private static Thread daemon(Runnable body, String name) {
    Thread thread = new Thread(null, body, name, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(TaskTimer.class.getClassLoader());
    return thread;
  }

  /**
   * Runs {@code action} so much later, on a thread where it may block.
   *
   * @return to cancel it, which forgets it at once
   */
  public static Future<?> schedule(long delayNs, Runnable action) {
    return TIMER.schedule(() -> handOn(action), Math.max(0, delayNs), TimeUnit.NANOSECONDS);
  }

  private static void handOn(Runnable action) {
    try {
      HANDS.execute(() -> runSafely(action));
    } catch (OutOfMemoryError e) { // no thread to be had: better late here than never
      runSafely(action);
    }
  }

  private static void runSafely(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      log.error("What was due at a time failed", e);
    }
  }
}
