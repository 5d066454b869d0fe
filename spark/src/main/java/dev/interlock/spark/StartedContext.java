// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.Deadline;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.util.Utils$;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A SparkContext that was started here, and what belongs to it. */
final class StartedContext {
  private static final Logger log = LoggerFactory.getLogger(StartedContext.class);

  /** So many threads has local mode at least: each executor of ours keeps to its own number. */
  private static final int LOCAL_THREADS = 64;

  /** How often Spark may try a task that we did not decide about. */
  private static final int LOCAL_FAILURES = 4;

  private static final long LOOK_MS = 50;

  /** How often the master is asked whether executors die, until one has come. */
  private static final Duration ASK = Duration.ofSeconds(1);

  /** All executors of a cluster come within so long of each other. */
  private static final Duration SETTLE = Duration.ofMillis(500);

  private final SparkContext spark;
  private final ScratchDirectory scratch;
  private final SparkOptions options;

  private StartedContext(SparkContext spark, ScratchDirectory scratch, SparkOptions options) {
    this.spark = spark;
    this.scratch = scratch;
    this.options = options;
  }

  /**
   * Starts one, and waits for its first executor.
   *
   * @throws IllegalStateException if that fails; the message says why, with an executor's own words
   */
  static StartedContext start(ExecutorSettings settings, SparkOptions options) {
    Deadline deadline = Deadline.after(options.startTimeout());
    String master = options.masterToStart();
    MasterAddress.checkReachable(master, deadline);
    ScratchDirectory scratch;
    try {
      scratch = ScratchDirectory.create();
    } catch (IOException e) {
      throw new IllegalStateException("spark cannot start: " + e.getMessage(), e);
    }
    ContextStart start = null;
    try {
      awaitEndOfAnother(deadline);
      SparkConf conf = conf(settings, options, scratch.folder());
      SparkLogs.quieten(conf);
      start = new ContextStart(conf);
      SparkContext spark = start.await(master, deadline);
      try {
        if (!SparkOptions.isLocal(master)) {
          awaitExecutors(spark, settings, deadline);
        }
        return new StartedContext(spark, scratch, options);
      } catch (RuntimeException | Error e) {
        spark.stop();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      if (start == null) {
        delete(scratch);
      } else {
        start.whenEnded(() -> delete(scratch)); // it may be given up, and still use it
      }
      throw e;
    }
  }

  /**
   * One that has lost its cluster, or is stopped by another thread, takes a while to end. Spark
   * remembers the local folder of the first context of a JVM for all later ones: it is gone, and
   * must not come back.
   */
  private static void awaitEndOfAnother(Deadline deadline) {
    while (ContextStart.isGivingUp() || !SparkContext$.MODULE$.getActive().isEmpty()) {
      if (deadline.hasPassed()) {
        throw new IllegalStateException(
            "spark cannot start: an earlier SparkContext of this JVM has not ended within "
                + deadline.limit().toSeconds()
                + " s, and Spark allows one. Try again later.");
      }
      pause();
    }
    Utils$.MODULE$.clearLocalRootDirs();
  }

  private static SparkConf conf(ExecutorSettings settings, SparkOptions options, Path scratch) {
    SparkConf conf = new SparkConf();
    String master = options.masterToStart();
    boolean local = SparkOptions.isLocal(master);
    ShippedJars jars = ShippedJars.find(options);
    conf.setMaster(local ? localMaster(master, settings.workers()) : master);
    conf.setAppName(settings.name());
    conf.set("spark.local.dir", scratch.toString());
    conf.set("spark.scheduler.mode", "FAIR");
    conf.set("spark.plugins", InterlockPlugin.class.getName());
    conf.set("spark.ui.enabled", "false");
    conf.set("spark.driver.maxResultSize", "0"); // results do not gather in the driver
    if (local) {
      conf.set("spark.default.parallelism", "" + Runtime.getRuntime().availableProcessors());
      conf.set("spark.driver.host", "localhost");
      conf.set("spark.driver.bindAddress", "127.0.0.1");
    } else {
      if (MasterAddress.isLoopback(master)) {
        conf.set("spark.driver.host", "127.0.0.1");
        conf.set("spark.driver.bindAddress", "127.0.0.1");
      }
      String cores = options.conf().getOrDefault("spark.executor.cores", "1");
      conf.set("spark.executor.cores", cores);
      conf.set("spark.executor.extraJavaOptions", "-XX:ActiveProcessorCount=" + cores);
      if (settings.workersChosen()) {
        conf.set("spark.cores.max", "" + settings.workers());
      }
      jars.putInto(conf, scratch);
    }
    for (Map.Entry<String, String> chosen : options.conf().entrySet()) {
      if (!chosen.getKey().equals("spark.master")) {
        conf.set(chosen.getKey(), chosen.getValue());
      }
    }
    return conf;
  }

  /** Spark gives up a job for one lost attempt in local mode, unless it is told otherwise. */
  private static String localMaster(String master, int workers) {
    if (master.equals(SparkOptions.LOCAL)) {
      return "local[" + Math.max(LOCAL_THREADS, workers) + "," + LOCAL_FAILURES + "]";
    }
    return master.contains(",") || !master.endsWith("]")
        ? master
        : master.substring(0, master.length() - 1) + "," + LOCAL_FAILURES + "]";
  }

  private static void awaitExecutors(
      SparkContext spark, ExecutorSettings settings, Deadline deadline) {
    int wanted = settings.workersChosen() ? settings.workers() : Integer.MAX_VALUE;
    int cores = 0;
    Deadline settle = deadline;
    Deadline ask = Deadline.after(ASK);
    while (cores < wanted && !settle.hasPassed() && !spark.isStopped()) {
      int now = SharedContext.cores(spark);
      if (now > cores) {
        cores = now;
        settle = Deadline.after(SETTLE);
      } else if (cores == 0 && ask.hasPassed()) {
        if (StartProblem.isHopeless(spark)) {
          break;
        }
        ask = Deadline.after(ASK);
      }
      pause();
    }
    if (cores == 0) {
      throw new IllegalStateException(StartProblem.describe(spark, deadline.limit()));
    }
  }

  @SuppressWarnings("ThreadSleep")
  private static void pause() {
    try {
      Thread.sleep(LOOK_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Spark's executors started", e);
    }
  }

  SparkContext spark() {
    return spark;
  }

  /** Whether an executor with these options may share it. */
  boolean isLike(SparkOptions other) {
    return options.masterToStart().equals(other.masterToStart())
        && options.conf().equals(other.conf())
        && java.util.Objects.equals(options.jars(), other.jars());
  }

  String describe() {
    return "master " + options.masterToStart() + ", conf " + options.conf();
  }

  void stop() {
    try {
      spark.stop();
    } finally {
      delete(scratch);
    }
  }

  private static void delete(ScratchDirectory scratch) {
    Utils$.MODULE$.clearLocalRootDirs(); // or the program's next context would make it again
    try {
      scratch.close();
    } catch (IOException e) {
      log.warn("Cannot delete {}; the next start will", scratch, e);
    }
  }
}
