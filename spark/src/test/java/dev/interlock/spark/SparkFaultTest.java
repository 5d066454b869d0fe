// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.TaskExecutor;
import dev.interlock.contract.Trace;
import dev.interlock.contract.Waiting;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What fails on a real cluster, and what Interlock makes of it. The tests share one cluster, and as
 * few SparkContexts as can be: a JVM has one at a time, and each takes seconds to start. So they
 * are in an order: first without one, then with the user's, then with Interlock's.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SparkFaultTest implements StartFaults, AdoptionFaults, RunFaults {
  @RegisterExtension static final OnCluster CLUSTER = new OnCluster();

  private static final AtomicInteger traces = new AtomicInteger();

  private static @Nullable TaskExecutor shared;
  private static @Nullable JavaSparkContext existing;

  @TempDir private Path folder;

  @Override
  public StandaloneCluster cluster() {
    return CLUSTER.cluster();
  }

  @Override
  public Trace trace() {
    return new Trace(folder.resolve("trace-" + traces.incrementAndGet()).toString());
  }

  @Override
  public TaskExecutor shared() {
    stopExisting();
    if (shared == null) {
      shared = sharing().open();
    }
    return shared;
  }

  @Override
  public JavaSparkContext existing() {
    closeShared();
    if (existing == null || existing.sc().isStopped()) {
      SparkConf conf = new SparkConf().setAppName("existing").setMaster(cluster().masterUrl());
      cluster().driverConf().forEach(conf::set);
      existing =
          new JavaSparkContext(conf.set("spark.cores.max", "2").set("spark.executor.cores", "1"));
    }
    return existing;
  }

  private static void closeShared() {
    if (shared != null) {
      shared.close();
      shared = null;
    }
  }

  private static void stopExisting() {
    if (existing != null) {
      existing.stop();
      existing = null;
    }
  }

  /** Beside what {@link OnCluster} looks after. */
  @AfterAll
  static void nothingIsLeft() throws Exception {
    closeShared();
    stopExisting();
    assertThat(SparkOptions.active()).isNull();
    Waiting.await()
        .untilAsserted(
            () -> {
              assertThat(StartFaults.scratchOf(ProcessHandle.current().pid())).isEmpty();
              assertThat(Thread.getAllStackTraces().keySet())
                  .extracting(Thread::getName)
                  .noneMatch(name -> name.startsWith("fault") || name.startsWith("beside"));
            });
  }
}
