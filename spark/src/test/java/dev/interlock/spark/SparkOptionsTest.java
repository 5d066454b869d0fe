// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.interlock.Capability;
import dev.interlock.ConfigurationException;
import dev.interlock.config.Options;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkOptionsTest {
  private static SparkOptions options(Map<String, ?> settings) {
    return SparkOptions.from(
        new Options(
            ConfigFactory.parseMap(settings).withFallback(ConfigFactory.defaultReference()),
            "interlock.spark"));
  }

  @Test
  void aNewcomerNeedsNothing() {
    SparkOptions options = options(Map.of());
    assertThat(options.master()).isNull();
    assertThat(options.masterToStart()).isEqualTo("local[*]");
    assertThat(options.conf()).isEmpty();
    assertThat(options.jars()).isNull();
    assertThat(options.startTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(options.killAfter()).isEqualTo(Duration.ofSeconds(2));
    assertThat(options.tasksPerPartition()).isEqualTo(1);
    assertThat(options.capabilities()).doesNotContain(Capability.KILL);
  }

  @Test
  void everyKeyIsRead() {
    SparkOptions options =
        options(
            Map.of(
                "interlock.spark.master",
                "spark://host:7077",
                "interlock.spark.conf",
                Map.of("spark.executor.memory", "2g", "spark.x", 7),
                "interlock.spark.jars",
                List.of("a.jar", "classes"),
                "interlock.spark.start-timeout",
                "5s",
                "interlock.spark.kill-after",
                "off",
                "interlock.spark.tasks-per-partition",
                10));
    assertThat(options.masterToStart()).isEqualTo("spark://host:7077");
    assertThat(options.conf())
        .containsExactlyInAnyOrderEntriesOf(Map.of("spark.executor.memory", "2g", "spark.x", "7"));
    assertThat(options.jars()).containsExactly("a.jar", "classes");
    assertThat(options.startTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(options.killAfter()).isNull();
    assertThat(options.tasksPerPartition()).isEqualTo(10);
    assertThat(options.capabilities()).contains(Capability.KILL, Capability.CRASH_CONTAINMENT);
  }

  @Test
  void theMasterMayBeAmongSparksOwnSettings() {
    Map<String, ?> conf = Map.of("interlock.spark.conf", Map.of("spark.master", "yarn"));
    assertThat(options(conf).masterToStart()).isEqualTo("yarn");
  }

  @ParameterizedTest
  @CsvSource({
    "local, true",
    "local[4], true",
    "'local[*,3]', true",
    "local-cluster, false",
    "yarn, false",
    "spark://localhost:7077, false"
  })
  void localModeIsKnown(String master, boolean local) {
    assertThat(SparkOptions.isLocal(master)).isEqualTo(local);
  }

  @ParameterizedTest
  @CsvSource({
    "master, '', 'local[*], spark://host:7077'",
    "start-timeout, soon, 1ms",
    "start-timeout, 0s, 1ms",
    "start-timeout, 2h, 1ms",
    "kill-after, never, off",
    "kill-after, -1s, 1ms",
    "tasks-per-partition, 0, 1 to 10000",
    "tasks-per-partition, 10001, 1 to 10000",
    "tasks-per-partition, 1.5, a whole number"
  })
  void aWrongValueIsNamedWithWhatIsAllowed(String key, String value, String allowed) {
    assertThatThrownBy(() -> options(Map.of("interlock.spark." + key, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.spark." + key)
        .hasMessageContaining(value)
        .hasMessageContaining(allowed);
  }

  @Test
  void aSettingThatIsNotSparksIsNamed() {
    assertThatThrownBy(() -> options(Map.of("interlock.spark.conf", Map.of("memory", "2g"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.spark.conf has the key 'memory'")
        .hasMessageContaining("begin with spark.");
  }
}
