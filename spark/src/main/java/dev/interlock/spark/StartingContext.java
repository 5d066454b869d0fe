// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.LiveListenerBus;
import org.jspecify.annotations.Nullable;

/**
 * A SparkContext that can be stopped before it is complete. Spark stops one whose constructor
 * fails, but not one whose constructor is interrupted while it waits for its master: that one would
 * go on trying for a minute, and then take the environment of its successor down.
 */
final class StartingContext extends SparkContext {
  /** Of the thread that constructs: the superclass's constructor calls before fields are set. */
  private static final ThreadLocal<@Nullable StartingContext> incomplete = new ThreadLocal<>();

  private StartingContext(SparkConf conf) {
    super(conf);
  }

  /**
   * Starts one on this thread, which may be interrupted meanwhile, and gives it to {@code wanted}.
   * What fails is stopped before it is thrown.
   */
  static void start(SparkConf conf, Consumer<SparkContext> wanted) throws InterruptedException {
    try {
      wanted.accept(new StartingContext(conf));
    } catch (Throwable e) { // an InterruptedException, among those that Scala does not declare
      StartingContext begun = incomplete.get();
      boolean unused = Thread.interrupted(); // or the stop would be cut short
      if (begun != null && !begun.isStopped()) {
        begun.stop();
      }
      throw e;
    } finally {
      incomplete.remove();
    }
  }

  /** The first that the superclass's constructor calls, with nothing yet that would need a stop. */
  @Override
  public SparkEnv createSparkEnv(SparkConf conf, boolean isLocal, LiveListenerBus listenerBus) {
    incomplete.set(this);
    return super.createSparkEnv(conf, isLocal, listenerBus);
  }
}
