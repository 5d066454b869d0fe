// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real command: the shaded jar in a JVM of its own, with no flags. */
final class Command {
  private static final int LIMIT_S = 120;
  private static final Path JAR = Path.of(System.getProperty("command.jar"));
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private Command() {}

  /** What a run of the command left. */
  record Ended(int code, String out, String err) {
    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(out);
    }

    /** One line on standard error, nothing on standard output, exit code 2. */
    void assertRefused(String... parts) {
      assertThat(err).contains(parts);
      assertThat(err.lines()).hasSize(1);
      assertThat(out).isEmpty();
      assertThat(code).isEqualTo(2);
    }
  }

  static Ended run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(JAVA, "-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    return run(command, Map.of());
  }

  /** Runs a class of the jar with some environment. */
  static Ended runClass(String mainClass, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return runClass(JAR.toString(), mainClass, environment, arguments);
  }

  /** Runs a class of the jar behind Spark, as ./interlock does. */
  static Ended runWithSpark(String mainClass, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return runClass(
        SparkOfBuild.classPath() + File.pathSeparator + JAR, mainClass, environment, arguments);
  }

  private static Ended runClass(
      String classPath, String mainClass, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                JAVA,
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "-cp",
                classPath,
                mainClass));
    command.addAll(List.of(arguments));
    return run(command, environment);
  }

  /** Runs a class of the tests under the agent, which the jar is too. */
  static Ended runWithAgent(Class<?> mainClass) throws Exception {
    Path tests = Path.of(mainClass.getProtectionDomain().getCodeSource().getLocation().toURI());
    return run(
        List.of(
            JAVA,
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "-javaagent:" + JAR,
            "-cp",
            JAR + File.pathSeparator + tests,
            mainClass.getName()),
        Map.of());
  }

  static Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(JAVA, "-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static Ended run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("out", ".txt");
    Path err = Files.createTempFile("err", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        fail(
            "%s had not ended after %s s. So far:%n%s%s",
            command, LIMIT_S, Files.readString(out), Files.readString(err));
      }
      return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
