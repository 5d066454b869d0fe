// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.TaskExecutor;
import dev.interlock.contract.LiveFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The class-data archive: made once, used by who comes later, and never in the way. */
@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ArchiveTest {
  @TempDir static Path jars;

  private static String classPath = "";

  @TempDir Path directory;

  private final List<Process> parents = new ArrayList<>();

  @BeforeAll
  static void buildJars() throws IOException {
    classPath = LibraryJars.classPath(jars);
  }

  @AfterEach
  void endParents() {
    parents.forEach(Process::destroyForcibly);
  }

  private Path cache() {
    return directory.resolve("cache");
  }

  private Process start(int pools, String... options) throws IOException {
    return start(new ProcessBuilder(command(pools, options)));
  }

  private List<String> command(int pools, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dinterlock.process-pool.cache-directory=" + cache());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath, ArchiveParent.class.getName(), "" + pools));
    return command;
  }

  private Process start(ProcessBuilder builder) throws IOException {
    Path output = directory.resolve("out" + parents.size());
    Process parent = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    parents.add(parent);
    return parent;
  }

  /** What the parent has printed, when it has ended well. */
  private List<String> output(Process parent) throws Exception {
    assertThat(parent.waitFor(120, TimeUnit.SECONDS)).isTrue();
    List<String> lines = Files.readAllLines(directory.resolve("out" + parents.indexOf(parent)));
    assertThat(parent.exitValue()).as("%s", lines).isZero();
    return lines;
  }

  private List<String> run(int pools, String... options) throws Exception {
    return output(start(pools, options));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(cache())) {
      return files.toList();
    }
  }

  @Test
  void itIsMadeOnFirstUseAndUsedFromThenOn() throws Exception {
    List<String> first = run(2);
    first.forEach(System.out::println); // the times, which no test can assert
    assertThat(first).containsSubsequence("archive false", "archive true");
    assertThat(files()).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache())))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().get(0))))
        .isEqualTo("rw-------");
    List<Path> made = files();
    assertThat(run(1, "-Dof.another.application=1", "-Dinterlock.process-pool.heap=64MiB"))
        .contains("archive true");
    assertThat(files()).isEqualTo(made);
    assertThat(run(1, "--add-opens=java.base/java.lang=ALL-UNNAMED")).contains("archive false");
    assertThat(files()).as("module options are part of the key").hasSize(2);
  }

  @Test
  void oneThatIsCutShortIsMadeAnew() throws Exception {
    run(1);
    Path made = files().get(0);
    cutShort(made);
    assertThat(run(2)).containsSubsequence("archive false", "archive true");
    assertThat(files()).as("one, of whatever size").hasSize(1);
  }

  /** JDK 17 dies of it; JDK 25 looks first. */
  @Test
  void aChildThatDiesOfItIsStartedWithout() throws Exception {
    run(1);
    Path made = files().get(0);
    long size = cutShort(made);
    String name = made.getFileName().toString();
    Path lie =
        made.resolveSibling(name.substring(0, 33) + size + name.substring(name.indexOf('.')));
    Files.move(made, lie);
    List<String> lines = run(1);
    assertThat(lines).anyMatch(line -> line.startsWith("first result"));
    if (Runtime.version().feature() < 25) {
      assertThat(lines).contains("archive false");
      assertThat(lie).doesNotExist();
    }
  }

  private static long cutShort(Path file) throws IOException {
    long size = 100_000;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
    return size;
  }

  @Test
  void aDirectoryThatOthersMayWriteToIsNotUsed() throws Exception {
    Files.createDirectory(cache());
    Files.setPosixFilePermissions(cache(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(run(1))
        .contains("archive false")
        .anyMatch(line -> line.contains("Make it private: chmod 700"));
    assertThat(files()).isEmpty();
  }

  @Test
  void aFullCacheDirectoryMeansNoArchiveAndLeavesNothing() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(cache(), 1 << 10)) {
      assertThat(run(2)).doesNotContain("archive true").contains("archive false");
      assertThat(files()).isEmpty();
      disk.fillUpTo(0);
      assertThat(run(2)).doesNotContain("archive true").contains("archive false");
      disk.free();
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void aReadOnlyCacheDirectoryMeansNoArchive() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(cache(), 1 << 10)) {
      disk.makeReadOnly();
      assertThat(run(2)).doesNotContain("archive true").contains("archive false");
    }
  }

  @Test
  void withoutAHomeTheArchiveIsInTheTemporaryDirectory() throws Exception {
    Path none = directory.resolve("no").resolve("home");
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Files.createFile(directory.resolve("no"));
    List<String> command = command(2, "-Duser.home=" + none, "-Djava.io.tmpdir=" + temporary);
    command.removeIf(argument -> argument.contains("cache-directory"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(Set.of("HOME", "XDG_CACHE_HOME")::contains);
    assertThat(output(start(builder))).containsSubsequence("archive false", "archive true");
    assertThat(LiveFiles.under(temporary))
        .filteredOn(file -> file.toString().matches(".*\\.(jsa|aot)"))
        .hasSize(1);
  }

  @Test
  void eachJavaHasAnArchiveOfItsOwn() throws Exception {
    String other = OtherJdk.home().toString();
    String own = System.getProperty("java.home");
    assertThat(run(2)).containsSubsequence("archive false", "archive true");
    List<Path> first = files();
    assertThat(run(2, "-Dinterlock.process-pool.java-home=" + other))
        .containsSubsequence("archive false", "archive true");
    assertThat(files()).hasSize(2).containsAll(first);
    assertThat(run(1, "-Dinterlock.process-pool.java-home=" + other)).contains("archive true");
    List<String> reverse = command(1, "-Dinterlock.process-pool.java-home=" + own);
    reverse.set(0, Path.of(other, "bin", "java").toString());
    assertThat(output(start(new ProcessBuilder(reverse)))).contains("archive true");
    assertThat(files()).hasSize(2);
  }

  @Test
  void twoProcessesMakeOne() throws Exception {
    Process one = start(1);
    Process two = start(1);
    assertThat(output(one)).contains("archive false");
    output(two);
    run(1);
    assertThat(files()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"KILL", "TERM"})
  void whoIsKilledWhileMakingItLeavesNoProcessAndNothingForLong(String signal) throws Exception {
    Process parent = start(1);
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(2))
        .until(() -> Files.exists(cache()) && files().stream().anyMatch(Files::isDirectory));
    await().until(() -> parent.children().anyMatch(ArchiveTest::isMaker));
    List<ProcessHandle> all = parent.descendants().toList();
    new ProcessBuilder("kill", "-" + signal, "" + parent.pid()).start().waitFor();
    assertThat(parent.waitFor(60, TimeUnit.SECONDS)).isTrue();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(run(2)).contains("archive true");
    assertThat(files()).singleElement().satisfies(file -> assertThat(file).isRegularFile());
  }

  private static boolean isMaker(ProcessHandle child) {
    return child.info().commandLine().orElse("").endsWith(" archive-maker");
  }

  @Test
  void itIsNotMadeWhereItIsNotWanted() throws Exception {
    assertThat(run(1, "-Dinterlock.process-pool.archive=off")).contains("archive false");
    assertThat(run(1, "-Dinterlock.process-pool.jvm-args=-Xshare:off")).contains("archive false");
    assertThat(cache()).doesNotExist();
  }

  @Test
  void fromDirectoriesNoneIsMade() throws Exception {
    try (TaskExecutor executor =
        pool(1).set("process-pool.cache-directory", cache().toString()).open()) {
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
    }
    assertThat(cache()).doesNotExist();
  }

  @Test
  void whatNobodyUsesIsDeletedAfterAMonth() throws Exception {
    Files.createDirectory(cache(), PosixFilePermissions.asFileAttribute(privately()));
    String key = "0123456789abcdef0123456789abcdef";
    Path old = Files.writeString(cache().resolve(key + "-3.jsa"), "old");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(31))));
    Path recent = Files.writeString(cache().resolve(key + "-6.aot"), "recent");
    Path foreign = Files.writeString(cache().resolve("foreign"), "not ours");
    Files.setLastModifiedTime(foreign, FileTime.from(Instant.EPOCH));
    run(1);
    assertThat(files()).hasSize(3).contains(recent, foreign).doesNotContain(old);
  }

  private static java.util.Set<java.nio.file.attribute.PosixFilePermission> privately() {
    return PosixFilePermissions.fromString("rwx------");
  }
}
