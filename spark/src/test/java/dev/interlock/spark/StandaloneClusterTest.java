// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Waiting;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class StandaloneClusterTest {
  private static final List<Integer> NUMBERS = IntStream.range(0, 100).boxed().toList();

  @Test
  void jobsRunOnBothWorkersAndGoOnWhenOneIsKilled() throws Exception {
    Path folder;
    List<ProcessHandle> executors;
    try (StandaloneCluster cluster = StandaloneCluster.start()) {
      folder = cluster.folder();
      try (JavaSparkContext context = driver(cluster)) {
        assertThat(context.parallelize(NUMBERS, 8).collect()).isEqualTo(NUMBERS);
        Waiting.await().until(() -> cluster.executorProcesses().size() == 2);
        executors = cluster.executorProcesses();

        ClusterNode victim = cluster.workers().get(1);
        victim.kill();
        cluster.awaitWorkers(1);
        assertThat(context.parallelize(NUMBERS, 8).collect()).isEqualTo(NUMBERS);

        cluster.restart(victim);
        assertThat(cluster.registeredWorkers()).isEqualTo(2);
        assertThat(victim.log()).content().contains("Successfully registered with master");
      }
    }
    assertThat(folder).doesNotExist();
    assertThat(executors).allMatch(StandaloneCluster::isGone);
  }

  @Test
  void theMasterComesBackAtItsAddress() throws Exception {
    try (StandaloneCluster cluster = StandaloneCluster.start()) {
      String url = cluster.masterUrl();
      cluster.master().kill();
      cluster.restartMaster();
      assertThat(cluster.masterUrl()).isEqualTo(url);
      cluster.awaitWorkers(2);
    }
  }

  @Test
  void nothingOutlivesTheJvmThatStartedItEvenIfThatIsKilled() throws Exception {
    Process owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Dspark.classpath.file=" + System.getProperty("spark.classpath.file"),
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said = owner.inputReader(StandardCharsets.UTF_8)) {
      Path folder = Path.of(said.readLine());
      List<ProcessHandle> nodes =
          Stream.of(said.readLine().split(" ", -1))
              .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
              .toList();
      assertThat(nodes).hasSize(3).allMatch(ProcessHandle::isAlive);

      StandaloneCluster.kill(owner.toHandle());
      Waiting.await().until(() -> nodes.stream().allMatch(StandaloneCluster::isGone));
      assertThat(folder).exists();
      StandaloneCluster.deleteLeftovers();
      assertThat(folder).doesNotExist();
    } finally {
      owner.toHandle().destroyForcibly();
    }
  }

  /** Starts a cluster, says what it consists of, and waits to be killed. */
  static final class Owner {
    private Owner() {}

    public static void main(String[] args) throws Exception {
      StandaloneCluster cluster = StandaloneCluster.start();
      System.out.println(cluster.folder());
      System.out.println(
          cluster.master().process().pid()
              + " "
              + cluster.workers().get(0).process().pid()
              + " "
              + cluster.workers().get(1).process().pid());
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  private static JavaSparkContext driver(StandaloneCluster cluster) {
    SparkConf conf = new SparkConf().setAppName("cluster test").setMaster(cluster.masterUrl());
    cluster.driverConf().forEach(conf::set);
    return new JavaSparkContext(conf);
  }
}
