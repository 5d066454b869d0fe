// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Master or a Worker: a JVM of its own that can be killed and started again. Not thread-safe; for
 * the thread of a test.
 */
final class ClusterNode {
  private static final int TAIL_LINES = 30;

  private final String name;
  private final String host;
  private final Path folder;
  private Process process;

  private ClusterNode(String name, String host, Path folder, Process process) {
    this.name = name;
    this.host = host;
    this.folder = folder;
    this.process = process;
  }

  /** Starts one; its output goes into {@code logs/NAME.log} of the folder. */
  static ClusterNode start(String name, String host, Path folder, List<String> args) {
    return new ClusterNode(name, host, folder, launch(name, host, folder, args));
  }

  /** Starts it again after it was killed; the log goes on. */
  void restart(List<String> args) {
    if (!StandaloneCluster.isGone(process.toHandle())) {
      throw new IllegalStateException(name + " is alive; kill it before it is started again.");
    }
    process = launch(name, host, folder, args);
  }

  private static Process launch(String name, String host, Path folder, List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Short-lived and seldom busy: what starts fastest.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    command.addAll(List.of("-Xms32m", "-Xmx192m"));
    command.addAll(List.of("-Dspark.master.rest.enabled=false", "-Dspark.port.maxRetries=0"));
    command.add("-cp");
    command.add(
        String.join(
            File.pathSeparator,
            folder.resolve("conf").toString(),
            folder.resolve("classes").toString(),
            SparkJars.classPath()));
    command.add(ClusterNodeMain.class.getName());
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment
        .keySet()
        .removeIf(key -> key.startsWith("SPARK_") || key.equals("JDK_JAVA_OPTIONS"));
    environment.put("SPARK_HOME", folder.toString());
    environment.put("SPARK_CONF_DIR", folder.resolve("conf").toString());
    environment.put("SPARK_SCALA_VERSION", "2.13");
    environment.put("SPARK_LOCAL_IP", host);
    environment.put("SPARK_LOCAL_DIRS", folder.resolve("local").toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(logFile(folder, name).toFile()));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not start.", e);
    }
  }

  String name() {
    return name;
  }

  String host() {
    return host;
  }

  /** Its JVM; another one after a restart. */
  Process process() {
    return process;
  }

  /** Of a Worker: the executors' JVMs that it has now. */
  List<ProcessHandle> executors() {
    return process.children().toList();
  }

  Path log() {
    return logFile(folder, name);
  }

  /** SIGKILL; it is gone when this returns. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    process.waitFor();
  }

  /** How it is, with the end of its log. */
  String state() {
    String end = process.isAlive() ? "runs" : "ended with exit code " + process.exitValue();
    return name + " " + end + "; the end of its log:\n" + tail();
  }

  private String tail() {
    try {
      List<String> lines = Files.readAllLines(log(), StandardCharsets.UTF_8);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(unreadable: " + e + ")";
    }
  }

  private static Path logFile(Path folder, String name) {
    return folder.resolve("logs").resolve(name + ".log");
  }
}
