// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.ConfigurationException;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.contract.Waiting;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkFiles;
import org.junit.jupiter.api.Test;

/** One SparkContext after another in a JVM. */
class ContextRestartTest {
  private static List<Path> scratch() throws Exception {
    return StartFaults.scratchOf(ProcessHandle.current().pid());
  }

  @Test
  void eachLeavesNothingNotEvenWhatSparkRemembersOfTheOneBefore() throws Exception {
    for (int round = 0; round < 3; round++) {
      try (TaskExecutor executor =
          Interlock.builder().strategy("spark").set("spark.master", "local[1]").open()) {
        assertThat(Waiting.get(executor.submit(() -> 1))).isEqualTo(1);
        assertThat(scratch()).as("round %d", round).hasSize(1);
        assertThat(Path.of(SparkFiles.getRootDirectory())).startsWith(scratch().get(0));
      }
      assertThat(scratch()).as("after round %d", round).isEmpty();
    }
  }

  @Test
  void contextOfTheProgramsOwnAfterwardsHasAFolderOfItsOwn() throws Exception {
    try (TaskExecutor executor =
        Interlock.builder().strategy("spark").set("spark.master", "local[1]").open()) {
      assertThat(Waiting.get(executor.submit(() -> 1))).isEqualTo(1);
    }
    SparkConf conf = new SparkConf().setMaster("local[1]").setAppName("own");
    SparkContext own = new SparkContext(conf.set("spark.ui.enabled", "false"));
    try {
      assertThat(scratch()).isEmpty();
    } finally {
      own.stop();
    }
    assertThat(scratch()).isEmpty();
  }

  @Test
  void speculationIsRefused() {
    assertThatThrownBy(
            () ->
                Interlock.builder()
                    .strategy("spark")
                    .set("spark.conf.spark.speculation", "true")
                    .open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("spark.speculation is true")
        .hasMessageContaining("Set it to false");
    assertThat(SparkOptions.active()).isNull();
  }

  @Test
  void oneIsStartedWhileAnotherThatWasStoppedStillEnds() throws Exception {
    SparkContext ending =
        new SparkContext(
            new SparkConf()
                .setMaster("local[1]")
                .setAppName("ending")
                .set("spark.ui.enabled", "false"));
    Thread stop = new Thread(ending::stop, "stop");
    stop.start();
    Waiting.await().until(ending::isStopped);
    try (TaskExecutor executor =
        Interlock.builder().strategy("spark").set("spark.master", "local[1]").open()) {
      assertThat(Waiting.get(executor.submit(() -> 1))).isEqualTo(1);
      stop.join();
      assertThat(Waiting.get(executor.submit(() -> 2))).as("after it has ended").isEqualTo(2);
    }
  }
}
