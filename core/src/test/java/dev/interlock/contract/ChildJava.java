// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of the same build, with the class path of the tests, that runs a main class to its end. */
public final class ChildJava {
  private ChildJava() {}

  /**
   * What it has printed to both of its outputs. Fails unless it ends by itself and with exit code
   * 0; afterwards neither it nor a process that it has started runs.
   *
   * @param directory where it runs, and which keeps its output
   * @param limit how long it may take
   * @param options of the JVM
   * @param program the main class and its arguments
   */
  public static String outputOf(
      Path directory, Duration limit, List<String> options, String... program)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(program));
    Path log = directory.resolve("log");
    Process child =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended;
    try {
      ended = child.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      child.descendants().forEach(ProcessHandle::destroyForcibly);
      child.destroyForcibly().waitFor();
    }
    String output = Files.readString(log);
    assertThat(ended).as(output).isTrue();
    assertThat(child.exitValue()).as(output).isZero();
    return output;
  }
}
