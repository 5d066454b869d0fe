// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.ConfigurationException;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What children are started with. */
@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartOptionsTest {
  private static final String PREFIX = "interlock.process-pool.";

  @TempDir Path directory;

  private static Interlock.Builder with(String key, Object value) {
    return pool(1).set("process-pool." + key, value);
  }

  private static void refused(String key, Object value, String... parts) {
    assertThatThrownBy(() -> with(key, value).open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(PREFIX + key)
        .satisfies(thrown -> assertThat(thrown.getMessage()).contains(parts));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fork", "forkserver"})
  void forkIsRefusedWithTheReason(String method) {
    refused("start-method", method, "spawn or spare", "A JVM cannot be forked", "locks");
  }

  @Test
  void anUnknownStartMethodIsRefused() {
    refused("start-method", "clone", "one of spawn, spare");
  }

  @Test
  void aJavaHomeThatIsNoneIsRefused() throws Exception {
    refused("java-home", directory.toString(), "there is no program", "bin/java");
    Path launcher = directory.resolve("bin/java");
    Files.createDirectories(launcher.getParent());
    Files.writeString(launcher, "");
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    refused("java-home", directory.toString(), "release", "not readable");
    Files.writeString(directory.resolve("release"), "JAVA_VERSION=\"1.8.0_392\"\n");
    refused("java-home", directory.toString(), "it is Java 1.8.0_392", "17 is the oldest");
    Files.writeString(directory.resolve("release"), "IMPLEMENTOR=\"nobody\"\n");
    refused("java-home", directory.toString(), "tells no version");
  }

  @Test
  void aJavaHomeIsUsed() throws Exception {
    try (TaskExecutor executor = with("java-home", System.getProperty("java.home")).open()) {
      assertThat(executor.submit(() -> System.getProperty("java.home")).get())
          .isEqualTo(System.getProperty("java.home"));
    }
  }

  @Test
  void theEnvironmentIsTheParentsWithChanges() throws Exception {
    String inherited =
        System.getenv().keySet().stream().filter(name -> !name.equals("PATH")).findFirst().get();
    try (TaskExecutor executor =
        with("environment", List.of("INTERLOCK_TEST=a=b c", "EMPTY=", "-" + inherited)).open()) {
      Map<String, String> seen = executor.submit(() -> new TreeMap<>(System.getenv())).get();
      assertThat(seen)
          .containsEntry("INTERLOCK_TEST", "a=b c")
          .containsEntry("EMPTY", "")
          .containsEntry("PATH", System.getenv("PATH"))
          .doesNotContainKey(inherited);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"=value", "NAME", "-", "-NAME=value"})
  void aWrongChangeOfTheEnvironmentIsRefused(String entry) {
    refused("environment", List.of(entry), "'" + entry + "'", "NAME=value");
  }

  @Test
  void theWorkingDirectoryIsUsed() throws Exception {
    refused("working-directory", directory.resolve("missing").toString(), "existing directory");
    try (TaskExecutor executor = with("working-directory", directory.toString()).open()) {
      assertThat(executor.submit(() -> Path.of("").toAbsolutePath().toString()).get())
          .isEqualTo(directory.toRealPath().toString());
    }
  }

  @Test
  void theClassPathIsTheApplicationsAndTheLibraryIsAdded() throws Exception {
    Files.writeString(directory.resolve("only-here.txt"), "found");
    String tests =
        Path.of(StartOptionsTest.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
    try (TaskExecutor executor =
        with("class-path", directory + File.pathSeparator + tests).open()) {
      assertThat(
              executor
                  .submit(
                      () ->
                          ClassLoader.getSystemResource("only-here.txt") != null
                              && ClassLoader.getSystemResource("org/junit/jupiter/api/Test.class")
                                  == null)
                  .get())
          .isTrue();
    }
  }

  @Test
  void aClassPathEntryThatIsMissingIsRefused() {
    refused("class-path", "/no/such.jar", "'/no/such.jar'", "that exist");
    refused("class-path", List.of("/no/such/*"), "'/no/such/*'");
  }

  @Test
  void listsCanBeSystemProperties() throws Exception {
    System.setProperty(PREFIX + "jvm-args", "-Xss2m -Dinterlock-test.key='a b'");
    try (TaskExecutor executor = pool(1).open()) {
      assertThat(executor.submit(() -> System.getProperty("interlock-test.key")).get())
          .isEqualTo("a b");
    } finally {
      System.clearProperty(PREFIX + "jvm-args");
    }
  }

  @Test
  void aCollectorAmongTheArgumentsTakesThePlaceOfOurs() throws Exception {
    try (TaskExecutor executor = with("jvm-args", List.of("-XX:+UseParallelGC")).open()) {
      assertThat(
              executor
                  .submit(() -> ManagementFactory.getGarbageCollectorMXBeans().get(0).getName())
                  .get())
          .startsWith("PS ");
    }
  }

  /** Contract W4: a child gets its share of processors and memory. */
  @Test
  void childrenAreSizedToTheMachine() throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();
    int workers = 2 * processors;
    long half = memoryBytes() / 2 / workers;
    try (TaskExecutor executor = pool(workers).set("process-pool.heap", "auto").open()) {
      assertThat(executor.submit(() -> Runtime.getRuntime().availableProcessors()).get())
          .isEqualTo(1);
      assertThat(executor.submit(() -> Runtime.getRuntime().maxMemory()).get())
          .isBetween(half * 8 / 10, half * 11 / 10);
    }
    try (TaskExecutor executor = pool(1).set("process-pool.heap", "64MiB").open()) {
      assertThat(executor.submit(() -> Runtime.getRuntime().availableProcessors()).get())
          .isEqualTo(processors);
      assertThat(executor.submit(() -> Runtime.getRuntime().maxMemory()).get())
          .isBetween(60L << 20, 64L << 20);
    }
  }

  private static long memoryBytes() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  @Test
  void agentsAndSizesOfTheParentAreNotHandedOn() {
    List<String> arguments =
        List.of(
            "-Xmx1g",
            "-XX:+UseZGC",
            "-Dkey=value",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-agentlib:jdwp=transport=dt_socket,server=y,address=5005",
            "-agentpath:/a.so",
            "-javaagent:a.jar",
            "-Xdebug",
            "-Xrunjdwp:transport=dt_socket",
            "-XX:+EnableDynamicAgentLoading",
            "-Dcom.sun.management.jmxremote.port=9999");
    assertThat(InheritedArguments.of(arguments, false, 17))
        .containsExactly("-Dkey=value", "--add-opens=java.base/java.lang=ALL-UNNAMED");
    assertThat(InheritedArguments.of(arguments, true, 17))
        .containsExactlyElementsOf(arguments.subList(2, arguments.size()));
  }

  @Test
  void whatAnOlderJavaDoesNotKnowIsNotHandedOnToIt() {
    List<String> arguments =
        List.of("--sun-misc-unsafe-memory-access=allow", "--illegal-native-access=deny", "-Da=b");
    assertThat(InheritedArguments.of(arguments, false, 17)).containsExactly("-Da=b");
    assertThat(InheritedArguments.of(arguments, false, 25)).isEqualTo(arguments);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDebuggerOfTheParentDoesNotLeakUnlessAsked(boolean asked) throws Exception {
    List<String> seen =
        argumentsOfAChild(
            Map.of(
                "JAVA_TOOL_OPTIONS",
                "-Dfrom.tool=1 -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=0",
                "JDK_JAVA_OPTIONS",
                "-Dfrom.jdk=1 -XX:+UseParallelGC"),
            "-Dinterlock.process-pool.inherit-agents=" + asked);
    assertThat(seen).contains("argument -Dfrom.tool=1", "argument -Dfrom.jdk=1");
    assertThat(seen.stream().filter(line -> line.startsWith("variable "))).isEmpty();
    assertThat(seen.stream().anyMatch(line -> line.startsWith("argument -agentlib:jdwp")))
        .isEqualTo(asked);
    assertThat(seen).doesNotContain("argument -XX:+UseParallelGC");
  }

  /** What a child says that was started by a parent with these variables and options. */
  private List<String> argumentsOfAChild(Map<String, String> variables, String... options)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(options));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Reporter.class.getName());
    Path output = directory.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(variables);
    Process parent = builder.start();
    try {
      assertThat(parent.waitFor(60, TimeUnit.SECONDS)).isTrue();
      List<String> lines = Files.readAllLines(output);
      assertThat(parent.exitValue()).as("%s", lines).isZero();
      return lines;
    } finally {
      parent.destroyForcibly();
    }
  }

  /** A parent that prints how its child was started. */
  static final class Reporter {
    private Reporter() {}

    public static void main(String[] arguments) throws Exception {
      try (TaskExecutor executor = pool(1).open()) {
        executor
            .submit(
                () -> {
                  List<String> lines = new ArrayList<>();
                  for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
                    lines.add("argument " + argument);
                  }
                  for (String name : System.getenv().keySet()) {
                    if (name.endsWith("JAVA_OPTIONS") || name.endsWith("TOOL_OPTIONS")) {
                      lines.add("variable " + name);
                    }
                  }
                  return lines;
                })
            .get()
            .forEach(System.out::println);
      }
    }
  }
}
