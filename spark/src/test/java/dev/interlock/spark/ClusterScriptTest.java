// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/spark/cluster}, as a user has it. */
@ExtendWith(LeakCheck.class)
class ClusterScriptTest {
  private static final Path SCRIPT = Path.of("..", "examples", "spark", "cluster");
  private static final Pattern ADDRESS = Pattern.compile("Master +(spark://127\\.0\\.0\\.1:\\d+)");
  private static final long LIMIT_S = 100;

  @TempDir private Path dir;

  private record Ended(int code, String output) {}

  @Test
  void aClusterIsStartedUsedAndStopped() throws Exception {
    Ended started = run("start");
    try {
      assertThat(started.code()).as(started.output()).isZero();
      Matcher address = ADDRESS.matcher(started.output());
      assertThat(address.find()).as(started.output()).isTrue();
      assertThat(run("status").code()).isZero();
      assertThat(run("start"))
          .satisfies(again -> assertThat(again.code()).isEqualTo(2))
          .satisfies(again -> assertThat(again.output()).contains(address.group(1), "stop"));

      SparkConf conf = new SparkConf().setAppName("script test").setMaster(address.group(1));
      conf.set("spark.ui.enabled", "false").set("spark.executor.memory", "512m");
      try (JavaSparkContext context = new JavaSparkContext(conf)) {
        assertThat(context.parallelize(List.of(1, 2, 3, 4), 4).collect())
            .containsExactly(1, 2, 3, 4);
      }
    } finally {
      List<ProcessHandle> nodes = processes();
      Ended stopped = run("stop");
      assertThat(stopped.code()).as(stopped.output()).isZero();
      Waiting.await().until(() -> nodes.stream().allMatch(StandaloneCluster::isGone));
    }
    assertThat(run("status").code()).isEqualTo(1);
    assertThat(processes()).isEmpty();
  }

  @Test
  void aClusterThatDoesNotStartSaysWhyAndLeavesNothing() throws Exception {
    ProcessBuilder start = command("start");
    start.environment().put("CLUSTER_MEMORY", "nonsense");
    Ended ended = run(start);
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.output()).contains("--memory MEM", "the cluster did not start");
    assertThat(processes()).isEmpty();
  }

  private Ended run(String action) throws IOException, InterruptedException {
    return run(command(action));
  }

  private ProcessBuilder command(String action) {
    ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString(), action);
    builder.redirectErrorStream(true);
    builder.redirectOutput(dir.resolve("output").toFile());
    builder.environment().remove("SPARK_HOME");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("CLUSTER_DIR", dir.toString());
    builder.environment().put("CLUSTER_PORT", "0");
    return builder;
  }

  private Ended run(ProcessBuilder command) throws IOException, InterruptedException {
    Process process = command.start();
    boolean ended = process.waitFor(LIMIT_S, TimeUnit.SECONDS);
    process.destroyForcibly();
    String output = Files.readString(dir.resolve("output"));
    assertThat(ended).as(output).isTrue();
    return new Ended(process.exitValue(), output);
  }

  /** All that has the test's directory in its class path: Master, Workers and executors. */
  private List<ProcessHandle> processes() {
    return ProcessHandle.allProcesses()
        .filter(
            process -> process.info().commandLine().orElse("").contains(dir + "/.cluster/spark/"))
        .toList();
  }
}
