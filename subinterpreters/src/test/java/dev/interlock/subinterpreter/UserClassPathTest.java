// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * No network, and nothing in the home directory. In a JVM with the class path that a user has: with
 * JUnit there, Chronicle's analytics keep quiet by themselves, and a test in this JVM would prove
 * nothing.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UserClassPathTest {
  /** What the JDK loads to open a socket, in whichever way, and for nothing else. */
  private static final String[] NETWORKING = {
    "sun.nio.ch.NioSocketImpl ",
    "sun.nio.ch.SocketDispatcher ",
    "sun.nio.ch.DatagramChannelImpl ",
    "sun.net.www.http.HttpClient ",
    "sun.net.www.protocol.http.HttpURLConnection ",
    "jdk.internal.net.http.HttpClientImpl ",
  };

  @TempDir Path temporary;

  @Test
  void nothingIsSentAndNothingIsWrittenIntoTheHomeDirectory() throws Exception {
    Path home = Files.createDirectory(temporary.resolve("home"));
    Path files = Files.createDirectory(temporary.resolve("files"));
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
            .filter(entry -> !entry.contains("junit") && !entry.contains("opentest4j"))
            .reduce((a, b) -> a + System.getProperty("path.separator") + b)
            .orElseThrow();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(ChronicleFlags.commandLine().split(" ")));
    command.add("-Duser.home=" + home);
    command.add("-Djava.io.tmpdir=" + files);
    Path loaded = temporary.resolve("loaded");
    command.add("-Xlog:disable");
    command.add("-Xlog:class+load=info:file=" + loaded);
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(List.of("-cp", classPath, User.class.getName(), files.toString()));
    Path out = temporary.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().put("HOME", home.toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readString(out)).isEqualTo("no analytics, no JUnit\nno network socket\n");
      assertThat(process.exitValue()).isZero();
      assertThat(home).isEmptyDirectory();
      assertThat(Files.readString(loaded))
          .contains("dev.interlock.subinterpreter.InterpreterQueue ")
          .doesNotContain(NETWORKING);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Uses queues and an executor, and looks at what this process has open. */
  static final class User {
    public static void main(String[] arguments) throws Exception {
      System.out.println(
          (isThere("net.openhft.chronicle.analytics.Analytics") ? "analytics" : "no analytics")
              + ", "
              + (isThere("org.junit.jupiter.api.Test") ? "JUnit" : "no JUnit"));
      List<String> sockets = new ArrayList<>(sockets());
      Path there = Path.of(arguments[0]);
      try (InterpreterQueue queue = Interpreters.createQueue();
          InterpreterQueue durable =
              Interpreters.createQueue(QueueOptions.defaults().withDurable(there, "queue"));
          TaskExecutor executor =
              Interlock.builder().strategy("subinterpreters").workers(2).open()) {
        for (int i = 0; i < 200; i++) {
          int number = i;
          queue.put(executor.submit(() -> number + 1).get());
          durable.put(queue.get());
          if (!durable.get().equals(i + 1)) {
            throw new AssertionError("not what was put");
          }
          sockets.addAll(sockets());
        }
        // What posts usage does so on a thread of its own, a little later.
        long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        while (System.nanoTime() < untilNs) {
          sockets.addAll(sockets());
          Thread.sleep(5);
        }
        durable.destroy();
      }
      System.out.println(sockets.isEmpty() ? "no network socket" : sockets);
    }

    private static boolean isThere(String name) {
      try {
        Class.forName(name, false, User.class.getClassLoader());
        return true;
      } catch (ClassNotFoundException e) {
        return false;
      }
    }

    /** The JDK keeps one end of a socket pair for its files, which is no network socket. */
    private static List<String> sockets() throws IOException {
      List<String> found = new ArrayList<>();
      StringBuilder network = new StringBuilder();
      for (String table : List.of("tcp", "tcp6", "udp", "udp6", "raw", "raw6")) {
        Path file = Path.of("/proc/self/net", table);
        if (Files.exists(file)) {
          network.append(Files.readString(file));
        }
      }
      try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
        for (Path descriptor : (Iterable<Path>) descriptors::iterator) {
          String target = target(descriptor);
          if (target.startsWith("socket:")
              && network.indexOf(" " + target.replaceAll("\\D", "") + " ") >= 0) {
            found.add(target);
          }
        }
      }
      return found;
    }

    private static String target(Path descriptor) {
      try {
        return Files.readSymbolicLink(descriptor).toString();
      } catch (IOException e) {
        return "closed meanwhile";
      }
    }
  }
}
