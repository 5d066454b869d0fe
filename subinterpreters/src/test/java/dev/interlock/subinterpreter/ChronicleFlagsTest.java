// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In JVMs of their own: Chronicle mutes itself when it finds JUnit on the stack. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChronicleFlagsTest {
  private static final String OPENS = "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED";
  private static final String EXPORTS = "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED";

  @TempDir Path temporary;

  @Test
  void nothingIsMissingHere() {
    assertThat(ChronicleFlags.missing()).isEmpty();
    assertThat(ChronicleFlags.commandLine()).contains(OPENS + " " + EXPORTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", OPENS, EXPORTS})
  void aMissingFlagIsOneErrorThatSaysWhatToAdd(String given) throws Exception {
    List<String> flags = given.isEmpty() ? List.of() : List.of(given);
    try (ChildJvm child =
        ChildJvm.start(
            temporary,
            flags,
            User.class,
            Files.createTempDirectory(temporary, "base").toString())) {
      int exitCode = child.exitCode();
      assertThat(child.err())
          .startsWith("dev.interlock.subinterpreter.MissingJvmFlagsException: ")
          .contains(ChronicleFlags.commandLine())
          .contains("JDK_JAVA_OPTIONS", "Add-Opens: ", "Add-Exports: ")
          .doesNotContain("AssertionError", "net.openhft");
      List<String> missing =
          List.of(OPENS, EXPORTS).stream().filter(flag -> !flag.equals(given)).toList();
      assertThat(child.out()).isEqualTo(missing + "\n");
      assertThat(exitCode).isEqualTo(3);
    }
  }

  @Test
  void usingLogsPrintsNothingStartsNoThreadAndLeavesHomeAlone() throws Exception {
    Path home = Files.createDirectory(temporary.resolve("home"));
    List<String> flags =
        List.of((ChronicleFlags.commandLine() + " -Duser.home=" + home).split(" "));
    try (ChildJvm child =
        ChildJvm.start(
            temporary,
            flags,
            User.class,
            Files.createTempDirectory(temporary, "base").toString())) {
      int exitCode = child.exitCode();
      assertThat(child.err()).isEmpty();
      assertThat(child.out()).isEqualTo("[]\n");
      assertThat(exitCode).isZero();
      assertThat(home).isEmptyDirectory();
    }
  }

  /**
   * Prints what is missing, uses a log, and fails if a thread is left that was not there before.
   */
  static final class User {
    private User() {}

    public static void main(String[] arguments) throws Exception {
      System.out.println(ChronicleFlags.missing());
      int threads = Thread.getAllStackTraces().size();
      try (LogDirectory directory = new LogDirectory(Path.of(arguments[0]));
          MessageLog log = directory.createLog("in")) {
        for (int i = 0; i < 1_000; i++) {
          log.append(new byte[i * 10]);
          log.take();
        }
        if (Thread.getAllStackTraces().size() > threads) {
          throw new AssertionError(Thread.getAllStackTraces().keySet());
        }
      } catch (MissingJvmFlagsException e) {
        e.printStackTrace();
        if (!e.missing().equals(ChronicleFlags.missing())) {
          throw new AssertionError(e.missing());
        }
        System.exit(3);
      }
    }
  }
}
