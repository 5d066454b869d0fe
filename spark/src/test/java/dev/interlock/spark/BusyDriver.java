// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.contract.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that keeps two executors of a cluster busy until it is killed. */
final class BusyDriver {
  private BusyDriver() {}

  /** Starts one; each of its tasks marks its process in the trace. */
  static Process start(String master, Trace trace) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-Dinterlock.spark.master=" + master,
            "-Dinterlock.spark.conf.spark.executor.memory=512m",
            "-Dinterlock.spark.conf.spark.executor.extraJavaOptions=" + FaultKit.QUICK_JVM,
            "-cp",
            System.getProperty("java.class.path"),
            BusyDriver.class.getName(),
            trace.path())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Runs until it is killed. */
  public static void main(String[] arguments) throws Exception {
    Trace trace = new Trace(arguments[0]);
    try (TaskExecutor executor = Interlock.builder().strategy("spark").workers(2).open()) {
      List<TaskFuture<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        tasks.add(
            executor.submit(
                () -> {
                  trace.mark("" + ProcessHandle.current().pid());
                  Thread.sleep(600_000);
                  return 0;
                }));
      }
      for (TaskFuture<Integer> task : tasks) {
        task.get();
      }
    }
  }
}
