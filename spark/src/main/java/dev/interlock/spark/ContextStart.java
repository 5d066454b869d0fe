// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;

/**
 * A SparkContext under construction, on a thread of its own: it cannot be told how long it may
 * take. When it is given up it is interrupted, and stops itself as soon as Spark lets it; no other
 * is started before it has ended, since its end would take that one's environment away.
 *
 * <p><b>Concurrency.</b> Two futures. Whoever completes {@code result} first has its outcome: the
 * thread, or the one that gives up; a context that nobody wants any more is stopped by the thread.
 */
final class ContextStart {
  private static final Duration CLEAN_UP = Duration.ofSeconds(5);
  private static final long LOOK_MS = 50;

  /** The last one that was given up. */
  private static volatile @Nullable ContextStart givenUp;

  private final CompletableFuture<SparkContext> result = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private final Thread thread;

  ContextStart(SparkConf conf) {
    thread = new Thread(() -> construct(conf), "interlock-spark-start");
    thread.setDaemon(true);
    thread.start();
  }

  private void construct(SparkConf conf) {
    try {
      StartingContext.start(
          conf,
          spark -> {
            if (!result.complete(spark)) {
              boolean unused = Thread.interrupted(); // or the stop would be cut short
              spark.stop();
            }
          });
    } catch (Throwable e) { // for the one who waits
      result.completeExceptionally(e);
    } finally {
      ended.complete(null);
    }
  }

  /** Whether one that was given up has not ended yet. */
  static boolean isGivingUp() {
    ContextStart last = givenUp;
    if (last == null || last.ended.isDone()) {
      return false;
    }
    last.interruptRegistration();
    return true;
  }

  /** The first interrupt may have come before Spark waited for the master, and got lost. */
  private void interruptRegistration() {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getMethodName().equals("waitForRegistration")) {
        thread.interrupt();
        return;
      }
    }
  }

  /** Runs it when nothing of this start goes on any more. */
  void whenEnded(Runnable action) {
    CompletableFuture<?> unused = ended.thenRun(action);
  }

  /**
   * The context.
   *
   * @throws IllegalStateException if it did not start, or not in time
   */
  SparkContext await(String master, Deadline deadline) {
    try {
      return result.get(Math.max(0, deadline.remainingNs()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      giveUp();
      throw new IllegalStateException(
          "spark cannot start: "
              + master
              + " did not accept this application within "
              + deadline.limit().toSeconds()
              + " s. Is it a Spark master, of the version of the Spark on this class path ("
              + org.apache.spark.package$.MODULE$.SPARK_VERSION()
              + ")? interlock.spark.start-timeout sets how long to wait.",
          e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(
          "spark cannot start with the master " + master + ": " + cause.getMessage(), cause);
    } catch (InterruptedException e) {
      giveUp();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Spark started", e);
    }
  }

  /** It cleans up behind itself, which takes a while; who waits is not kept for long. */
  private void giveUp() {
    givenUp = this;
    if (result.cancel(false)) {
      thread.interrupt();
    } else { // it came just now
      CompletableFuture<?> unused = result.thenAccept(SparkContext::stop);
    }
    Deadline cleaned = Deadline.after(CLEAN_UP);
    try {
      while (isGivingUp() && !cleaned.hasPassed()) {
        thread.join(LOOK_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
