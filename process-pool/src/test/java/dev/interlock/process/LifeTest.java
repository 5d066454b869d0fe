// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.TaskExecutor;
import dev.interlock.spi.ScratchDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Children do not outlive their parent, however it ends. */
@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LifeTest {
  private static final String[] WITH_SPARES = {
    "-Dinterlock.process-pool.start-method=spare", "-Dinterlock.process-pool.spares=2"
  };

  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  @TempDir Path directory;

  private final List<Process> parents = new ArrayList<>();
  private String temporary = "";

  /** A place of its own: any Interlock process beside this one sweeps what it finds dead. */
  @BeforeEach
  void redirectTemporaryFiles() {
    temporary = System.setProperty("java.io.tmpdir", directory.toString());
  }

  @AfterEach
  void endParents() {
    parents.forEach(Process::destroyForcibly);
  }

  @AfterEach
  void restoreTemporaryFiles() {
    System.setProperty("java.io.tmpdir", temporary);
  }

  @Test
  void childrenOfAKilledParentEndAndTheNextStartSweeps() throws Exception {
    Process parent = start();
    List<ProcessHandle> children = busyChildren(parent);
    parent.destroyForcibly().waitFor();
    await().atMost(PATIENCE).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(folders(parent)).isNotEmpty();
    pool(1).open().close();
    assertThat(folders(parent)).isEmpty();
  }

  @Test
  void aTerminatedParentLeavesNothing() throws Exception {
    Process parent = start();
    List<ProcessHandle> children = busyChildren(parent);
    parent.destroy();
    assertThat(parent.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    await().atMost(PATIENCE).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(folders(parent)).isEmpty();
  }

  @Test
  void anInterruptFromTheTerminalIsTheParentsAffair() throws Exception {
    assumeFalse(isIgnored("INT"), "SIGINT is ignored here");
    Process parent = start();
    List<ProcessHandle> children = busyChildren(parent);
    for (ProcessHandle child : children) {
      Signals.send("INT", child.pid());
    }
    assertThat(children).allMatch(ProcessHandle::isAlive);
    Signals.send("INT", parent.pid());
    assertThat(parent.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    await().atMost(PATIENCE).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(folders(parent)).isEmpty();
  }

  @Test
  void livingParentsAreNotSwept() throws Exception {
    Process parent = start();
    List<ProcessHandle> children = busyChildren(parent);
    pool(1).open().close();
    assertThat(folders(parent)).hasSize(1);
    assertThat(children).allMatch(ProcessHandle::isAlive);
    parent.destroyForcibly().waitFor();
    await().atMost(PATIENCE).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    pool(1).open().close();
  }

  @Test
  void aTemporaryDirectoryWithALongPathWorksToo() throws Exception {
    Path deep = directory.resolve("d".repeat(60)).resolve("e".repeat(60));
    Files.createDirectories(deep);
    Process parent = start("-Djava.io.tmpdir=" + deep);
    List<ProcessHandle> children = busyChildren(parent);
    assertThat(children).hasSize(2);
    parent.destroy();
    parent.waitFor();
    await().atMost(PATIENCE).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void manyPoolsAtOnce() throws Exception {
    try (TaskExecutor one = pool(1).open();
        TaskExecutor two = pool(1).open();
        TaskExecutor three = pool(1).open()) {
      assertThat(
              Stream.of(one, two, three)
                  .map(executor -> executor.submit(() -> ProcessHandle.current().pid()))
                  .map(future -> future.join())
                  .distinct())
          .hasSize(3);
    }
  }

  /** Two children that are busy, and two that wait. */
  private List<ProcessHandle> childrenAndSpares(Process parent) {
    busyChildren(parent);
    await().atMost(PATIENCE).until(() -> parent.children().count() >= 4);
    return parent.children().toList();
  }

  @Test
  void sparesOfAKilledParentEndAndTheNextStartSweeps() throws Exception {
    Process parent = start(WITH_SPARES);
    List<ProcessHandle> children = childrenAndSpares(parent);
    parent.destroyForcibly().waitFor();
    awaitEnd(children);
    assertThat(folders(parent)).hasSize(2);
    pool(1).open().close();
    assertThat(folders(parent)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "HUP", "INT"})
  void aSignalToTheWholeGroupLeavesNothing(String signal) throws Exception {
    assumeFalse(isIgnored(signal), "SIG" + signal + " is ignored here");
    assumeTrue(Files.isExecutable(SETSID), "there is no " + SETSID);
    Process parent = start(List.of(SETSID.toString()), WITH_SPARES);
    List<ProcessHandle> children = childrenAndSpares(parent);
    new ProcessBuilder("kill", "-" + signal, "--", "-" + parent.pid()).start().waitFor();
    assertThat(parent.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    awaitEnd(children);
    assertThat(folders(parent)).isEmpty();
  }

  private static void awaitEnd(List<ProcessHandle> children) {
    await().atMost(PATIENCE).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
  }

  private Process start(String... options) throws IOException {
    return start(List.of(), options);
  }

  private Process start(List<String> before, String... options) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + directory);
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(TestParent.class.getName());
    File output = directory.resolve("out").toFile();
    Process parent =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    parents.add(parent);
    return parent;
  }

  private List<ProcessHandle> busyChildren(Process parent) {
    Path output = directory.resolve("out");
    await()
        .atMost(PATIENCE)
        .until(
            () -> Files.readString(output).lines().filter(l -> l.endsWith("] busy")).count() == 2);
    return parent.children().toList();
  }

  private static List<Path> folders(Process parent) throws IOException {
    try (Stream<Path> folders = Files.list(ScratchDirectory.defaultBase())) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith(parent.pid() + "-"))
          .toList();
    }
  }

  /** As in the background of a shell, or under {@code nohup}: programs there inherit that. */
  private static boolean isIgnored(String signal) throws IOException {
    long bit = 1L << (SIGNALS.get(signal) - 1);
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
        .anyMatch(signals -> (signals & bit) != 0);
  }
}
