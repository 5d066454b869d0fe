// SPDX-License-Identifier: Apache-2.0
package dev.interlock.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.ConfigurationException;
import dev.interlock.Interlock;
import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Waiting;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The environment, which only a new JVM can have: each test starts one. */
@ExtendWith(LeakCheck.class)
class EnvironmentTest {

  /** Opens an executor and prints what it was told, or the error. */
  public static final class Opening {
    private Opening() {}

    /** Run in a JVM of its own. */
    public static void main(String[] arguments) {
      try {
        ProbeProvider.loader().call(Interlock::open).close();
        System.out.println(
            ProbeProvider.told.workers()
                + " "
                + ProbeProvider.told.name()
                + " "
                + ProbeProvider.told.options().integer("size", 1, 10));
      } catch (ConfigurationException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private static String open(Map<String, String> environment, String... jvmFlags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of(jvmFlags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Opening.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(process.waitFor(Waiting.limit().toSeconds(), TimeUnit.SECONDS)).isTrue();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void environmentIsStrongerThanTheFileAndWeakerThanProperties() throws Exception {
    Map<String, String> environment =
        Map.of(
            "INTERLOCK_STRATEGY", "probe",
            "INTERLOCK_WORKERS", "7",
            "INTERLOCK_NAME", "of-environment",
            "CONFIG_FORCE_interlock_probe_size", "9");
    assertThat(open(environment)).isEqualTo("7 of-environment 9");
    assertThat(open(environment, "-Dinterlock.workers=8")).isEqualTo("8 of-environment 9");
  }

  @Test
  void wrongValueInTheEnvironmentNamesItsVariable() throws Exception {
    assertThat(open(Map.of("INTERLOCK_WORKERS", "many")))
        .contains("interlock.workers is 'many'")
        .contains("INTERLOCK_WORKERS")
        .contains("a whole number from 1 to");
    assertThat(open(Map.of("INTERLOCK_STRATEGY", "process-pool")))
        .contains("interlock.strategy is 'process-pool'")
        .contains("dev.interlock:interlock-process-pool");
  }
}
