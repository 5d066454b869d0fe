// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.contract.Trace;
import dev.interlock.contract.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/** What the groups of tests with a cluster that fails have in common. */
interface FaultKit {
  /** Executors that start fast. */
  String QUICK_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ActiveProcessorCount=1";

  int TASKS = 100;
  List<Integer> NUMBERS = IntStream.range(0, TASKS).boxed().toList();

  StandaloneCluster cluster();

  /** An empty trace. */
  Trace trace();

  /** The executor that tests share: one SparkContext, started by Interlock, for all of them. */
  TaskExecutor shared();

  /** A SparkContext that the tests' own code has started. */
  JavaSparkContext existing();

  /** Two workers: one executor of one core on each Worker. */
  default Interlock.Builder builder() {
    return Interlock.builder()
        .strategy("spark")
        .workers(2)
        .name("fault")
        .set("spark.conf.spark.executor.extraJavaOptions", QUICK_JVM);
  }

  /** With the configuration of {@link #shared}: one executor of two cores on each Worker. */
  default Interlock.Builder sharing() {
    return builder()
        .workers(4)
        .set("spark.conf.spark.executor.cores", "2")
        .set("spark.conf.spark.rpc.message.maxSize", "2");
  }

  /** {@link #TASKS} tasks of 20 to 50 ms. */
  default List<TaskFuture<Integer>> submitTasks(TaskExecutor executor) {
    return submitTasks(executor, TASKS);
  }

  /** As many of them; each gives its number. */
  default List<TaskFuture<Integer>> submitTasks(TaskExecutor executor, int count) {
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int number : NUMBERS.subList(0, count)) {
      futures.add(
          executor.submit(
              () -> {
                Thread.sleep(20 + number % 31);
                return number;
              }));
    }
    return futures;
  }

  default void awaitDone(List<TaskFuture<Integer>> futures, int count) {
    Waiting.await().until(() -> futures.stream().filter(TaskFuture::isDone).count() >= count);
  }

  /** The process that runs a task, by the trace's last line. */
  static ProcessHandle process(Trace trace) {
    List<String> lines = trace.lines();
    return ProcessHandle.of(Long.parseLong(lines.get(lines.size() - 1))).orElseThrow();
  }
}
