// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A real standalone cluster on this machine: one Master and two Workers of two cores each, on
 * {@code 127.0.0.1} and {@code 127.0.0.2}, each a JVM of this JDK with Spark's jars from Maven.
 * Nothing of Interlock is on their class path, nor on their executors'.
 *
 * <p>All of it ends with {@link #close}, and with this process, even if that is killed. Not
 * thread-safe; for the thread of a test.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int HTTP_LIMIT_MS = 5_000;
  private static final String PREFIX = "interlock-cluster-";
  private static final Pattern OWNER = Pattern.compile(PREFIX + "(\\d+)-.*");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final List<ClusterNode> workers = new ArrayList<>();
  private @Nullable ClusterNode master;
  private int port;
  private int webPort;

  private StandaloneCluster(Path folder) {
    this.folder = folder;
  }

  /** Starts it; when this returns, both Workers are registered. */
  static StandaloneCluster start() throws IOException, InterruptedException {
    deleteLeftovers();
    StandaloneCluster cluster =
        new StandaloneCluster(
            Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-"));
    try {
      cluster.layOut();
      cluster.startMaster();
      cluster.startWorkers();
      cluster.awaitWorkers(2);
      return cluster;
    } catch (IOException | RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  /** The folder is a SPARK_HOME: the Workers start executors with its conf/ and jars/. */
  private void layOut() throws IOException {
    for (String name : List.of("conf", "jars", "classes", "local", "logs", "work")) {
      Files.createDirectory(folder.resolve(name));
    }
    for (Path jar : SparkJars.all()) {
      Files.createSymbolicLink(folder.resolve("jars").resolve(jar.getFileName()), jar);
    }
    copyResource("/cluster-log4j2.properties", folder.resolve("conf").resolve("log4j2.properties"));
    String main = ClusterNodeMain.class.getName().replace('.', '/') + ".class";
    Path target = folder.resolve("classes").resolve(main);
    Files.createDirectories(Objects.requireNonNull(target.getParent()));
    copyResource("/" + main, target);
  }

  private static void copyResource(String name, Path target) throws IOException {
    try (InputStream in = StandaloneCluster.class.getResourceAsStream(name)) {
      Files.copy(Objects.requireNonNull(in, name), target);
    }
  }

  private void startMaster() throws IOException {
    master = ClusterNode.start("master", "127.0.0.1", folder, masterArguments());
    readMasterAddress();
  }

  private List<String> masterArguments() {
    return List.of("master", "127.0.0.1", Integer.toString(port), addressFile().toString());
  }

  private Path addressFile() {
    return folder.resolve("master.address");
  }

  /**
   * The system chooses the ports, so that nobody else can have taken them; the Master says them.
   */
  private void readMasterAddress() throws IOException {
    await("The Master did not start", () -> Files.exists(addressFile()) || !isAlive(master()));
    if (!Files.exists(addressFile())) {
      throw new IllegalStateException("The Master did not start.\n" + states());
    }
    String[] ports = Files.readString(addressFile()).split(" ", -1);
    Files.delete(addressFile());
    port = Integer.parseInt(ports[0]);
    webPort = Integer.parseInt(ports[1]);
  }

  private void startWorkers() {
    for (int number = 1; number <= 2; number++) {
      String name = "worker" + number;
      String host = "127.0.0." + number;
      workers.add(ClusterNode.start(name, host, folder, workerArguments(name, host)));
    }
  }

  private List<String> workerArguments(String name, String host) {
    List<String> args = new ArrayList<>(List.of("worker", "--host", host));
    args.addAll(List.of("--cores", "2", "--memory", "2g", "--webui-port", "0"));
    args.addAll(List.of("--work-dir", folder.resolve("work").resolve(name).toString()));
    args.add(masterUrl());
    return args;
  }

  /** The address for {@code spark.master}; the same after a restart of the Master. */
  String masterUrl() {
    return "spark://127.0.0.1:" + port;
  }

  ClusterNode master() {
    return Objects.requireNonNull(master, "the Master was not started");
  }

  /** Both, in the order of their addresses, dead ones too. */
  List<ClusterNode> workers() {
    return List.copyOf(workers);
  }

  /** The executors' JVMs of all living Workers. */
  List<ProcessHandle> executorProcesses() {
    return workers.stream().flatMap(worker -> worker.executors().stream()).toList();
  }

  Path folder() {
    return folder;
  }

  /** Where executors leave their {@code stdout} and {@code stderr}, in folders of their own. */
  Path workFolder(ClusterNode worker) {
    return folder.resolve("work").resolve(worker.name());
  }

  /** What a driver on this machine needs to be told, beside the master. */
  Map<String, String> driverConf() {
    Map<String, String> conf = new LinkedHashMap<>();
    conf.put("spark.driver.host", "127.0.0.1");
    conf.put("spark.driver.bindAddress", "127.0.0.1");
    conf.put("spark.ui.enabled", "false");
    conf.put("spark.local.dir", folder.resolve("local").toString());
    conf.put("spark.executor.memory", "512m");
    conf.put("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    return conf;
  }

  /** SIGKILL for one JVM; it is gone when this returns. */
  static void kill(ProcessHandle process) {
    process.destroyForcibly();
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL)
        .atMost(LIMIT)
        .until(() -> isGone(process));
  }

  /** Whether it runs no more; an orphan that nobody has reaped yet has no program any more. */
  static boolean isGone(ProcessHandle process) {
    return !process.isAlive() || process.info().command().isEmpty();
  }

  /** Starts a killed Worker again; it is registered when this returns. */
  void restart(ClusterNode worker) throws IOException {
    int registered = registeredWorkers();
    worker.restart(workerArguments(worker.name(), worker.host()));
    awaitWorkers(registered + 1);
  }

  /**
   * Starts the killed Master again, with no memory of what was. The Workers come back by
   * themselves: they try every 5 to 15 seconds, see {@link #awaitWorkers}.
   */
  void restartMaster() throws IOException {
    master().restart(masterArguments());
    readMasterAddress();
  }

  /** How many Workers the Master has, those that it knows to be dead left out. */
  int registeredWorkers() throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + webPort + "/json/").toURL().openConnection();
    connection.setConnectTimeout(HTTP_LIMIT_MS);
    connection.setReadTimeout(HTTP_LIMIT_MS);
    try (InputStream in = connection.getInputStream()) {
      int alive = 0;
      for (JsonNode worker : JSON.readTree(in).path("workers")) {
        alive += worker.path("state").asText().equals("ALIVE") ? 1 : 0;
      }
      return alive;
    }
  }

  /** Waits until the Master has exactly so many Workers. */
  void awaitWorkers(int count) {
    await(
        "The Master did not come to have " + count + " Workers",
        () -> registeredWorkers() == count);
  }

  private void await(String failure, Callable<Boolean> condition) {
    try {
      Awaitility.await()
          .pollDelay(Duration.ZERO)
          .pollInterval(POLL)
          .atMost(LIMIT)
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(condition);
    } catch (ConditionTimeoutException e) {
      throw new IllegalStateException(
          failure + " within " + LIMIT.toSeconds() + " s.\n" + states(), e);
    }
  }

  private String states() {
    StringBuilder states = new StringBuilder(master().state());
    workers.forEach(worker -> states.append('\n').append(worker.state()));
    return states.toString();
  }

  private static boolean isAlive(ClusterNode node) {
    return node.process().isAlive();
  }

  /** Kills all JVMs, waits until they are gone and deletes the folder; once. */
  @Override
  public void close() throws IOException, InterruptedException {
    if (Files.notExists(folder)) {
      return;
    }
    for (ClusterNode worker : workers) {
      worker.kill();
    }
    if (master != null) {
      master.kill();
    }
    // Executors, those of Workers that are dead long since too: by the folder in their class path.
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL)
        .atMost(LIMIT)
        .until(this::killSurvivors);
    deleteTree(folder);
  }

  private boolean killSurvivors() {
    List<ProcessHandle> survivors =
        ProcessHandle.allProcesses()
            .filter(process -> process.info().commandLine().orElse("").contains(folder.toString()))
            .toList();
    survivors.forEach(ProcessHandle::destroyForcibly);
    return survivors.isEmpty();
  }

  /** Those of processes that were killed. */
  static void deleteLeftovers() throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      for (Path entry : entries.toList()) {
        Matcher name = OWNER.matcher(entry.getFileName().toString());
        if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
          deleteTree(entry);
        }
      }
    }
  }

  private static void deleteTree(Path tree) throws IOException {
    try (Stream<Path> entries = Files.walk(tree)) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(entry);
      }
    }
  }
}
