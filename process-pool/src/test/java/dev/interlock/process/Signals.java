// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Signals to processes. */
final class Signals {
  private Signals() {}

  static void send(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor())
        .isZero();
  }

  /**
   * Stops the process. It stands still when this returns: {@code kill} alone returns as soon as the
   * signal is pending, and each thread goes on until the system looks at it.
   */
  static void stop(ProcessHandle process) throws Exception {
    send("STOP", process.pid());
    await().until(() -> statesOfThreads(process.pid()).stream().allMatch("T"::equals));
  }

  static void resume(ProcessHandle process) throws Exception {
    send("CONT", process.pid());
  }

  /** The letter behind the name, which is in parentheses (proc(5)). */
  private static List<String> statesOfThreads(long pid) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads.map(Signals::stat).map(Signals::stateIn).toList();
    }
  }

  private static String stateIn(String stat) {
    int behindName = stat.lastIndexOf(") ") + 2;
    return stat.substring(behindName, behindName + 1);
  }

  private static String stat(Path thread) {
    try {
      return Files.readString(thread.resolve("stat"));
    } catch (IOException e) {
      return "? (ended since) T";
    }
  }
}
