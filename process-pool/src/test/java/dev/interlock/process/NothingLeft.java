// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.spi.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Checks after each test that no child, no thread and no file of the strategy is left. */
final class NothingLeft implements AfterEachCallback {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Override
  public void afterEach(ExtensionContext context) {
    assertThat(Thread.interrupted()).as("a stray interrupt").isFalse();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(children()).as("child JVMs").isEmpty();
              assertThat(threads()).as("threads").isEmpty();
              assertThat(folders()).as("scratch folders").isEmpty();
            });
  }

  static List<ProcessHandle> children() {
    return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("process-pool-") || name.startsWith("interlock-"))
        .toList();
  }

  private static List<Path> folders() throws IOException {
    List<Path> folders = new ArrayList<>(foldersIn(ScratchDirectory.defaultBase()));
    Path memory = Path.of("/dev/shm");
    if (Files.isDirectory(memory)) {
      folders.addAll(foldersIn(ScratchDirectory.defaultBase(memory)));
    }
    return folders;
  }

  /** The folders of this process. */
  static List<Path> foldersIn(Path base) throws IOException {
    String own = ProcessHandle.current().pid() + "-";
    try (Stream<Path> folders = Files.list(base)) {
      return folders.filter(folder -> folder.getFileName().toString().startsWith(own)).toList();
    }
  }
}
