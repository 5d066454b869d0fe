// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LogDirectoryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path temporary;
  private Path base;
  private final List<ChildJvm> children = new ArrayList<>();

  @BeforeEach
  void createBase() throws IOException {
    base = Files.createDirectory(temporary.resolve("base"));
  }

  @AfterEach
  void leavesNothing() throws Exception {
    for (ChildJvm child : children) {
      child.close();
    }
    sweep();
    assertThat(base).isEmptyDirectory();
  }

  @Test
  void logsLiveInAFolderOfTheProcessThatOnlyItsOwnerMayEnter() throws Exception {
    try (LogDirectory directory = new LogDirectory(base)) {
      assertThat(directory.folder().getParent()).isEqualTo(base);
      assertThat(directory.folder().getFileName().toString())
          .startsWith(ProcessHandle.current().pid() + "-");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.folder())))
          .isEqualTo("rwx------");
      MessageLog first = directory.createLog("in");
      MessageLog second = directory.createLog("in");
      assertThat(first.directory()).isNotEqualTo(second.directory());
      first.append(new byte[] {1});
      assertThat(second.poll()).isNull();
      assertThat(first.take()).containsExactly(1);
      first.close();
      assertThat(first.directory()).doesNotExist();
      assertThat(second.directory()).isDirectory();
    }
    assertThat(base).isEmptyDirectory();
  }

  @Test
  void closeClosesItsLogsAndTwiceIsOnce() throws Exception {
    LogDirectory directory = new LogDirectory(base);
    MessageLog log = directory.createLog("in");
    directory.close();
    directory.close();
    assertThatThrownBy(() -> log.append(new byte[1])).isInstanceOf(LogClosedException.class);
    assertThatThrownBy(() -> directory.createLog("out"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    log.close();
    assertThat(base).isEmptyDirectory();
  }

  @Test
  void refusesABaseThatIsNoDirectory() throws Exception {
    assertThatThrownBy(() -> new LogDirectory(base.resolve("absent")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("absent")
        .hasMessageContaining("Create it");
    Path file = Files.createFile(temporary.resolve("file"));
    assertThatThrownBy(() -> new LogDirectory(file)).isInstanceOf(IOException.class);
  }

  @Test
  void aKilledProcessIsSweptByTheNextAndALivingOneIsNot() throws Exception {
    ChildJvm killed = startHolder();
    ChildJvm living = startHolder();
    await().atMost(PATIENCE).until(() -> folders().size() == 2 && ready(killed) && ready(living));
    sweep();
    assertThat(folders()).hasSize(2);

    killed.process().destroyForcibly().waitFor();
    assertThat(folders()).hasSize(2);
    try (LogDirectory next = new LogDirectory(base)) {
      assertThat(folders())
          .hasSize(2)
          .contains(next.folder())
          .noneMatch(folder -> name(folder).startsWith(killed.process().pid() + "-"));
    }
    assertThat(living.process().isAlive()).isTrue();

    living.process().destroy();
    living.exitCode();
    assertThat(base).as("the shutdown hook deletes the folder").isEmptyDirectory();
    assertThat(living.err()).isEmpty();
  }

  @Test
  void aHalfMadeFolderIsSweptAndForeignFilesAreLeftAlone() throws Exception {
    Files.createDirectory(base.resolve("1-2-empty"));
    Path dead = Files.createDirectory(base.resolve("1-2-dead"));
    Files.createFile(dead.resolve("lock"));
    Files.createDirectory(dead.resolve("0-in"));
    Files.createFile(dead.resolve("0-in").resolve("19700101-000000.cq4"));
    Path foreign = Files.createDirectory(base.resolve("notes"));
    Path file = Files.createFile(base.resolve("file"));
    sweep();
    assertThat(folders()).containsExactlyInAnyOrder(foreign, file);
    Files.delete(foreign);
    Files.delete(file);
  }

  @Test
  void processesThatStartAtOnceDoNotSweepEachOther() throws Exception {
    for (int i = 0; i < 30; i++) {
      Path dead = Files.createDirectory(base.resolve("1-2-dead" + i));
      Files.createFile(dead.resolve("lock"));
    }
    List<ChildJvm> starters = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      starters.add(start(Restarter.class, "100"));
    }
    for (ChildJvm starter : starters) {
      int exitCode = starter.exitCode();
      assertThat(starter.err()).isEmpty();
      assertThat(exitCode).isZero();
      assertThat(starter.out()).isEqualTo("done\n");
    }
    assertThat(base).isEmptyDirectory();
  }

  private void sweep() throws IOException {
    new LogDirectory(base).close();
  }

  private List<Path> folders() throws IOException {
    try (Stream<Path> children = Files.list(base)) {
      return children.toList();
    }
  }

  private static String name(Path folder) {
    return folder.getFileName().toString();
  }

  private static boolean ready(ChildJvm child) throws IOException {
    assertThat(child.err()).isEmpty();
    return child.out().equals("ready\n");
  }

  private ChildJvm startHolder() throws IOException {
    return start(Holder.class);
  }

  private ChildJvm start(Class<?> main, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(base.toString()));
    all.addAll(List.of(arguments));
    ChildJvm child = ChildJvm.start(temporary, main, all.toArray(new String[0]));
    children.add(child);
    return child;
  }

  /** Uses logs until it is ended from outside. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      LogDirectory directory = new LogDirectory(Path.of(arguments[0]));
      MessageLog log = directory.createLog("in");
      log.append(new byte[100_000]);
      log.take();
      System.out.println("ready");
      try {
        log.take();
      } catch (LogClosedException expected) {
        Thread.currentThread().join();
      }
    }
  }

  /** Opens, checks and closes a directory again and again. */
  static final class Restarter {
    private Restarter() {}

    public static void main(String[] arguments) throws Exception {
      for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
        try (LogDirectory directory = new LogDirectory(Path.of(arguments[0]));
            MessageLog log = directory.createLog("in")) {
          log.append(new byte[] {1});
          if (!Files.exists(directory.folder().resolve("lock")) || log.take().length != 1) {
            throw new AssertionError("swept while alive: " + directory);
          }
        }
      }
      System.out.println("done");
    }
  }
}
