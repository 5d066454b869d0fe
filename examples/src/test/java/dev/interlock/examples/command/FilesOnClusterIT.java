// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/spark/files}, as a user has it. */
@Timeout(180)
class FilesOnClusterIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final long LIMIT_S = 150;

  @TempDir private Path dir;

  @Test
  void everyFileIsReadOnAClusterThatIsGoneAfterwards() throws Exception {
    assumeUpToDate();
    Path folder = Files.createDirectories(dir.resolve("a folder/below"));
    Files.writeString(folder.resolve("one.txt"), "some words in a file");
    Files.writeString(folder.resolve("two.txt"), "two words");
    Process files = start(folder.getParent());
    assertThat(files.waitFor(LIMIT_S, TimeUnit.SECONDS)).as(output()).isTrue();
    assertThat(files.exitValue()).as(output()).isZero();
    assertThat(output())
        .contains(
            "Workers  2", "below/one.txt", "2 files", "29 bytes", "7 words", "spark, 2 workers");
    assertThat(output().lines()).allMatch(line -> line.length() <= 80);
    assertThat(clusterProcesses()).isEmpty();
    assertThat(dir.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void interruptedItStopsTheCluster() throws Exception {
    assumeUpToDate();
    Process files = start(ROOT);
    await()
        .atMost(Duration.ofSeconds(LIMIT_S))
        .until(() -> !files.isAlive() || output().contains("Workers  2"));
    files.destroy();
    assertThat(files.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
    assertThat(files.exitValue()).as(output()).isEqualTo(143);
    await().atMost(Duration.ofSeconds(10)).until(() -> clusterProcesses().isEmpty());
    assertThat(dir.resolve("tmp")).isEmptyDirectory();
  }

  private Process start(Path folder) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(ROOT.resolve("examples/spark/files").toString(), folder.toString());
    builder.environment().remove("SPARK_HOME");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("CLUSTER_PORT", "0");
    builder.environment().put("CLUSTER_CORES", "1");
    builder.environment().put("TMPDIR", Files.createDirectories(dir.resolve("tmp")).toString());
    builder.redirectErrorStream(true).redirectOutput(dir.resolve("output").toFile());
    return builder.start();
  }

  private String output() throws IOException {
    return Files.readString(dir.resolve("output"));
  }

  /** All that has the cluster's directory in its class path. */
  private List<ProcessHandle> clusterProcesses() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(dir + "/tmp/"))
        .toList();
  }

  /** Otherwise the script would build first, as it should, but not in a test. */
  private static void assumeUpToDate() throws IOException {
    Path command = Path.of(System.getProperty("command.jar"));
    try (Stream<Path> jars =
            Files.list(Files.createDirectories(ROOT.resolve("spark/target")))
                .filter(file -> file.toString().endsWith("SNAPSHOT.jar"));
        Stream<Path> modules =
            Files.list(ROOT).filter(module -> Files.exists(module.resolve("pom.xml")))) {
      List<Path> built = Stream.concat(Stream.of(command), jars).toList();
      assumeTrue(built.size() == 2, "no jar of the module spark: build it as well");
      FileTime oldest = FileTime.fromMillis(Long.MAX_VALUE);
      for (Path jar : built) {
        FileTime time = Files.getLastModifiedTime(jar);
        oldest = time.compareTo(oldest) < 0 ? time : oldest;
      }
      for (Path module : modules.toList()) {
        assumeTrue(newest(module).compareTo(oldest) <= 0, "build the module spark as well");
      }
    }
  }

  private static FileTime newest(Path module) throws IOException {
    FileTime newest = Files.getLastModifiedTime(module.resolve("pom.xml"));
    Path sources = module.resolve("src/main");
    if (Files.exists(sources)) {
      try (Stream<Path> files = Files.walk(sources).filter(Files::isRegularFile)) {
        for (Path file : files.toList()) {
          FileTime time = Files.getLastModifiedTime(file);
          newest = time.compareTo(newest) > 0 ? time : newest;
        }
      }
    }
    return newest;
  }
}
