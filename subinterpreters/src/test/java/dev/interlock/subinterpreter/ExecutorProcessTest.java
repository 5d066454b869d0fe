// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.contract.LiveFiles;
import dev.interlock.contract.Waiting;
import dev.interlock.isolation.Jobs;
import dev.interlock.spi.Strategies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What shows only at the ends of a JVM: missing flags, kills, full disks. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExecutorProcessTest {
  @TempDir Path temporary;

  private static TaskExecutor open(Path directory) {
    return Interlock.builder()
        .strategy("subinterpreters")
        .workers(2)
        .set("subinterpreters.directory", directory.toString())
        .open();
  }

  private Path base() throws IOException {
    return Files.createDirectory(temporary.resolve("base"));
  }

  @Test
  void filesGoWithTheExecutor() throws Exception {
    Path base = base();
    try (TaskExecutor executor = open(base)) {
      assertThat(Waiting.get(executor.submit(Jobs.counting()))).isEqualTo(1);
      assertThat(LiveFiles.under(base))
          .filteredOn(file -> file.toString().endsWith(".cq4"))
          .hasSize(2);
    }
    assertThat(base).isEmptyDirectory();
  }

  @Test
  void missingFlagsAreOneErrorWithTheLineToAdd() throws Exception {
    try (ChildJvm child = ChildJvm.start(temporary, List.of(), Opener.class)) {
      assertThat(child.exitCode()).as(child.err()).isZero();
      assertThat(child.out())
          .startsWith("problems 1: Chronicle Queue cannot work in this JVM, which lacks ")
          .contains("--add-opens=java.base/java.lang.reflect=ALL-UNNAMED")
          .contains("open: dev.interlock.subinterpreter.MissingJvmFlagsException");
    }
  }

  /** Asks for problems, then opens all the same. */
  static final class Opener {
    public static void main(String[] arguments) {
      List<String> problems = Strategies.find().named("subinterpreters", "test").problems();
      System.out.println("problems " + problems.size() + ": " + String.join("; ", problems));
      try (TaskExecutor executor = Interlock.open("subinterpreters")) {
        System.out.println("opened " + executor);
      } catch (IllegalStateException e) {
        System.out.println("open: " + e);
      }
    }
  }

  @Test
  void endOfTheJvmDeletesTheFilesAndAKillLeavesThemToTheNextStart() throws Exception {
    Path base = base();
    try (ChildJvm child = ChildJvm.start(temporary, Runner.class, base.toString())) {
      Waiting.await().until(() -> child.out().contains("running"));
      child.process().destroy();
      assertThat(child.exitCode()).isEqualTo(128 + 15);
      assertThat(child.err()).isEmpty();
      assertThat(base).isEmptyDirectory();
    }
    try (ChildJvm child = ChildJvm.start(temporary, Runner.class, base.toString())) {
      Waiting.await().until(() -> child.out().contains("running"));
      child.process().destroyForcibly();
      assertThat(child.exitCode()).isEqualTo(128 + 9);
    }
    assertThat(base).isNotEmptyDirectory();
    try (TaskExecutor executor = open(base);
        Stream<Path> folders = Files.list(base)) {
      assertThat(folders).as(executor + " has swept the other's").hasSize(1);
    }
    assertThat(base).isEmptyDirectory();
  }

  /** Runs until it is killed. */
  static final class Runner {
    public static void main(String[] arguments) throws Exception {
      try (TaskExecutor executor = open(Path.of(arguments[0]))) {
        List<TaskFuture<Integer>> both = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          both.add(executor.submit(Jobs.counting()));
        }
        Waiting.getAll(both);
        TaskFuture<?> forEver = executor.submit(Jobs.endless());
        System.out.println("running");
        forEver.get();
      }
    }
  }

  @Test
  void fullDiskFailsTasksAndNotTheExecutor() throws Exception {
    Path disk = Files.createDirectory(temporary.resolve("disk"));
    Path output = temporary.resolve("mount.out");
    Process mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!mount.waitFor(30, TimeUnit.SECONDS) || mount.exitValue() != 0) {
      abort("Needs the right to mount a tmpfs of 8 MiB: " + Files.readString(output));
    }
    try (ChildJvm child = ChildJvm.start(temporary, Filler.class, disk.toString())) {
      int exitCode = child.exitCode();
      assertThat(exitCode).as(child.err() + child.out()).isZero();
      assertThat(child.out()).isEqualTo("failed and recovered\n");
      assertThat(disk).isEmptyDirectory();
    } finally {
      assertThat(new ProcessBuilder("umount", disk.toString()).start().waitFor()).isZero();
    }
  }

  /** Fills the disk beside the queues, and makes room again. */
  static final class Filler {
    public static void main(String[] arguments) throws Exception {
      Path disk = Path.of(arguments[0]);
      try (TaskExecutor executor =
          Interlock.builder()
              .strategy("subinterpreters")
              .workers(1)
              .set("subinterpreters.directory", disk.toString())
              .set("subinterpreters.by-reference-above", "1GiB")
              .open()) {
        for (int round = 0; round < 5; round++) {
          TinyDisk.check(
              executor.submit(() -> echo(new byte[100_000])).get().length == 100_000, null);
          Path ballast = disk.resolve("ballast");
          TinyDisk.fill(ballast);
          List<TaskFuture<byte[]>> futures = new ArrayList<>();
          for (int i = 0; i < 30; i++) {
            byte[] content = new byte[i % 2 == 0 ? 200_000 : 10];
            futures.add(executor.submit(() -> echo(content)));
          }
          int failed = 0;
          for (TaskFuture<byte[]> future : futures) {
            try {
              future.get();
            } catch (ExecutionException e) {
              TinyDisk.check(
                  e.getCause() instanceof IOException
                      && e.getCause().getMessage().contains("No space left on device")
                      && e.getCause().getMessage().contains("task "),
                  e);
              failed++;
            }
          }
          TinyDisk.check(failed > 0, null);
          Files.delete(ballast);
        }
        TinyDisk.check(executor.stats().workersStarted() == 1, null);
      }
      System.out.println("failed and recovered");
    }

    static byte[] echo(byte[] content) {
      return content;
    }
  }
}
