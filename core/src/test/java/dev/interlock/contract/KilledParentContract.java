// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.spi.ScratchDirectory;
import dev.interlock.spi.Strategies;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** C5: a process with an executor is killed. */
interface KilledParentContract extends Subject {

  /** The process that is killed: it keeps its workers busy, and says so. */
  final class Parent {
    private Parent() {}

    /**
     * Runs until it is killed.
     *
     * @param arguments the strategy
     */
    public static void main(String[] arguments) throws Exception {
      try (TaskExecutor executor = Interlock.builder().strategy(arguments[0]).workers(2).open()) {
        Trace trace = new Trace(arguments[1]);
        var busy =
            executor.submit(
                () -> {
                  trace.mark("busy");
                  return Tasks.loopForEver();
                });
        Waiting.await().until(() -> trace.lines().size() == 1);
        System.out.println("ready");
        busy.get();
      }
    }
  }

  @Test
  default void required_C5_killedParentLeavesNothing() throws Exception {
    assumeTrue(
        Strategies.find().all().stream().anyMatch(one -> one.strategy().equals(strategy())),
        "is not published");
    Process parent = new ProcessBuilder(command()).redirectErrorStream(true).start();
    List<ProcessHandle> children;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
      List<String> said = new ArrayList<>();
      for (String line = lines.readLine(); !"ready".equals(line); line = lines.readLine()) {
        assertThat(line).as("after %s", said).isNotNull();
        said.add(line);
      }
      children = parent.descendants().toList();
    } finally {
      parent.toHandle().destroyForcibly();
    }
    assertThat(children.isEmpty()).isNotEqualTo(startsProcesses());
    parent.waitFor();
    Awaitility.await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofSeconds(5)) // 2 s, and as much again and more for a busy machine
        .untilAsserted(
            () ->
                assertThat(children.stream().filter(ProcessHandle::isAlive).map(Object::toString))
                    .as("children that live, of %s", children)
                    .isEmpty());
    try (TaskExecutor next = open()) {
      assertUsable(next);
      Waiting.await().until(() -> leftBy(parent.pid()).isEmpty());
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-") || argument.startsWith("-D"))
        .forEach(command::add);
    command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    command.add("-Xmx256m");
    command.addAll(flags());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Parent.class.getName(), strategy(), trace().path()));
    return command;
  }

  private static List<Path> leftBy(long pid) throws IOException {
    Path base = ScratchDirectory.defaultBase();
    if (!Files.exists(base)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(base)) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith(pid + "-"))
          .toList();
    }
  }
}
