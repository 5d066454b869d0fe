// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.acme.OvertakenHog;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All the ways to have the agent, each in a JVM of its own that runs {@link OvertakenHog}. */
@Timeout(120)
class AgentLoadingTest {
  private static final String LOAD = "-Dinterlock.gil-threading.agent.load=";

  @TempDir private static Path directory;

  private record Outcome(int exitCode, String out, String err) {}

  @BeforeEach
  void onlyOnce() {
    assumeTrue(
        GilAgent.coverage().state() == AgentState.ABSENT, "these JVMs do not depend on this one's");
  }

  @Test
  void withoutAnAgentTasksCooperateAndOneLineSaysSo() throws Exception {
    Outcome outcome = run(List.of(), main());
    assertThat(outcome.out).isEqualTo("ABSENT ABSENT not overtaken");
    assertThat(outcome.err.lines().filter(line -> line.contains("There is no agent")))
        .singleElement()
        .asString()
        .contains("-javaagent:" + jar());
  }

  @Test
  void offSaysNothing() throws Exception {
    Outcome outcome = run(List.of(LOAD + "off"), main());
    assertThat(outcome.out).isEqualTo("ABSENT ABSENT not overtaken");
    assertThat(outcome.err).isEmpty();
  }

  @Test
  void aJavaagentIsActiveFromTheStart() throws Exception {
    Outcome outcome = run(List.of("-javaagent:" + jar()), main());
    assertThat(outcome.out).isEqualTo("ACTIVE ACTIVE overtaken");
    assertThat(outcome.err).isEmpty();
  }

  @Test
  void whatIsExcludedIsNotOvertaken() throws Exception {
    Outcome outcome = run(List.of("-javaagent:" + jar() + "=exclude=com.acme."), main());
    assertThat(outcome.out).isEqualTo("ACTIVE ACTIVE not overtaken");
    Outcome byProperty =
        run(
            List.of(
                "-javaagent:" + jar(),
                "-Dinterlock.gil-threading.agent.exclude=com.bar.,com.acme.*Hog"),
            main());
    assertThat(byProperty.out).isEqualTo("ACTIVE ACTIVE not overtaken");
  }

  @Test
  void aJarStartsWithTheAgentDormant() throws Exception {
    Outcome outcome = run(List.of(), List.of("-jar", jar().toString()));
    assertThat(outcome.out).isEqualTo("DORMANT ACTIVE overtaken");
    assertThat(outcome.err).isEmpty();
  }

  @Test
  void offLeavesADormantAgentDormant() throws Exception {
    Outcome outcome = run(List.of(LOAD + "off"), List.of("-jar", jar().toString()));
    assertThat(outcome.out).isEqualTo("DORMANT DORMANT not overtaken");
  }

  @Test
  void theAgentIsAttachedWhenAskedFor() throws Exception {
    Outcome outcome = run(List.of(LOAD + "attach"), main());
    assertThat(outcome.out).as(outcome.err).isEqualTo("ABSENT ACTIVE overtaken");
  }

  @Test
  void whatCannotBeAttachedIsAnError() throws Exception {
    Outcome outcome = run(List.of(LOAD + "attach", "-XX:+DisableAttachMechanism"), main());
    assertThat(outcome.exitCode).isNotZero();
    assertThat(outcome.err)
        .contains("The agent could not be attached")
        .contains("Start the JVM with -javaagent:" + jar());
  }

  @Test
  void aWrongArgumentEndsTheStartWithASentence() throws Exception {
    Outcome outcome = run(List.of("-javaagent:" + jar() + "=exlude=com.acme."), main());
    assertThat(outcome.exitCode).isNotZero();
    assertThat(outcome.err).contains("'exlude' is unknown. There are exclude, instrument and fine");
  }

  @Test
  void anOptionThatTheAgentDoesNotSeeIsAnError() throws Exception {
    Path file = directory.resolve("application.conf");
    Files.writeString(file, "interlock.gil-threading.agent.exclude = com.acme.");
    Outcome outcome = run(List.of("-javaagent:" + jar(), "-Dconfig.file=" + file), main());
    assertThat(outcome.exitCode).isNotZero();
    assertThat(outcome.err).contains("-Dinterlock.gil-threading.agent.exclude=");
  }

  private static List<String> main() throws IOException {
    return List.of("-cp", jar().toString(), OvertakenHog.class.getName());
  }

  private static Outcome run(List<String> options, List<String> what) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(what);
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int exitCode = process.waitFor();
    String printed = Files.readString(out).lines().collect(Collectors.joining(" "));
    return new Outcome(exitCode, printed, Files.readString(err, UTF_8));
  }

  /** The module's classes in a jar as the build makes it; the rest of the class path beside it. */
  private static Path jar() throws IOException {
    Path jar = directory.resolve("agent.jar");
    if (!Files.exists(jar)) {
      Path classes = Path.of("target", "classes").toAbsolutePath();
      try (OutputStream file = Files.newOutputStream(jar);
          JarOutputStream out = new JarOutputStream(file, manifest(classes));
          Stream<Path> paths = Files.walk(classes)) {
        for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
          out.putNextEntry(
              new JarEntry(classes.relativize(path).toString().replace(File.separatorChar, '/')));
          Files.copy(path, out);
        }
      }
    }
    return jar;
  }

  private static Manifest manifest(Path without) {
    String others =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath())
            .filter(entry -> !entry.equals(without))
            .map(entry -> entry.toUri().toString())
            .collect(Collectors.joining(" "));
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, OvertakenHog.class.getName());
    attributes.put(Attributes.Name.CLASS_PATH, others);
    Map.of(
            "Premain-Class", GilAgent.class.getName(),
            "Agent-Class", GilAgent.class.getName(),
            "Launcher-Agent-Class", GilAgent.class.getName(),
            "Can-Retransform-Classes", "true",
            "Can-Redefine-Classes", "true")
        .forEach(attributes::putValue);
    return manifest;
  }
}
