// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.ConfigurationException;
import dev.interlock.Interlock;
import dev.interlock.contract.Trace;
import dev.interlock.contract.Waiting;
import dev.interlock.spi.ScratchDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What cannot start, and a driver that dies. */
interface StartFaults extends FaultKit {

  private Interlock.Builder at(ServerSocket socket) {
    return builder().set("spark.master", "spark://127.0.0.1:" + socket.getLocalPort());
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @Test
  @Order(10)
  default void anAddressWhereNothingListensIsNamed() throws Exception {
    ServerSocket closed = listen();
    closed.close();
    assertThatThrownBy(() -> at(closed).open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no master answers at spark://127.0.0.1:" + closed.getLocalPort())
        .hasMessageContaining("interlock.spark.master");
  }

  @Test
  @Order(11)
  default void anAddressWhereNoSparkListensIsNamed() throws Exception {
    try (ServerSocket other = listen()) {
      assertThatThrownBy(() -> at(other).set("spark.start-timeout", "3s").open())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("spark://127.0.0.1:" + other.getLocalPort())
          .hasMessageContaining("did not accept this application within 3 s")
          .hasMessageContaining("Is it a Spark master");
    }
    assertThat(SparkOptions.active()).isNull();
  }

  @Test
  @Order(12)
  default void executorsThatDieAtOnceSayWhy() {
    assertThatThrownBy(
            () ->
                builder()
                    .set("spark.conf.spark.executor.extraJavaOptions", "-agentlib:nosuch")
                    .set("spark.start-timeout", "25s")
                    .open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("died at once")
        .hasMessageContaining("agent library nosuch");
  }

  @Test
  @Order(13)
  default void executorsLargerThanAnyWorkerAreTold() {
    assertThatThrownBy(
            () ->
                builder()
                    .set("spark.conf.spark.executor.memory", "64g")
                    .set("spark.start-timeout", "6s")
                    .open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("2048 MiB free")
        .hasMessageContaining("wants 1 cores and 64g")
        .hasMessageContaining("interlock.spark.conf");
  }

  @Test
  @Order(14)
  default void aJarThatIsMissingIsNamed() {
    for (String master : List.of(cluster().masterUrl(), "local[2]")) {
      assertThatThrownBy(
              () ->
                  builder()
                      .set("spark.master", master)
                      .set("spark.jars", List.of("/no/such.jar"))
                      .open())
          .as(master)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("interlock.spark.jars has '/no/such.jar'");
    }
  }

  @Test
  @Order(15)
  default void aKilledDriverLeavesNoExecutorAndNoFile() throws Exception {
    Trace busy = trace();
    Set<Path> before = localFolders();
    Process driver = BusyDriver.start(cluster().masterUrl(), busy);
    Set<Path> ofExecutors;
    List<ProcessHandle> executors;
    try {
      Waiting.await().until(() -> busy.lines().size() == 2 || !driver.isAlive());
      assertThat(driver.isAlive()).as("the driver lives").isTrue();
      executors =
          busy.lines().stream()
              .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
              .toList();
      ofExecutors = new HashSet<>(localFolders());
      ofExecutors.removeAll(before);
      assertThat(scratchOf(driver.pid())).hasSize(1);
    } finally {
      StandaloneCluster.kill(driver.toHandle());
    }
    assertThat(executors).hasSize(2);
    Waiting.await().until(() -> executors.stream().allMatch(StandaloneCluster::isGone));
    assertThat(ofExecutors).isNotEmpty();
    Waiting.await().until(() -> ofExecutors.stream().noneMatch(Files::exists));

    ScratchDirectory.create().close(); // as the next start does
    assertThat(scratchOf(driver.pid())).isEmpty();
  }

  /** What Workers have created for executors. */
  private Set<Path> localFolders() throws IOException {
    try (Stream<Path> folders = Files.walk(cluster().folder().resolve("local"), 2)) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith("executor-"))
          .collect(Collectors.toSet());
    }
  }

  /** The scratch folders of a process. */
  static List<Path> scratchOf(long pid) throws IOException {
    try (Stream<Path> folders = Files.list(ScratchDirectory.defaultBase())) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith(pid + "-"))
          .toList();
    }
  }
}
