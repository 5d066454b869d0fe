// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.isolation.Manners;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Interpreters in JVMs of their own: little memory, few modules, no flags, an early end. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterpreterProcessTest {
  @TempDir Path temporary;

  private ChildJvm child(List<String> flags, String... arguments) throws Exception {
    return ChildJvm.start(temporary, flags, Manners.class, arguments);
  }

  @Test
  void aThousandFitIntoLittleMetaspaceAndNeedNoFlags() throws Exception {
    try (ChildJvm child = child(List.of("-XX:MaxMetaspaceSize=128m"), "many", "1000")) {
      assertThat(child.exitCode()).as(child.err()).isZero();
      assertThat(child.out()).isEqualTo("1000 interpreters, 1 left\n");
      assertThat(child.err()).isEmpty();
    }
  }

  @Test
  void withoutJshellExecSaysWhatToAddAndTheRestWorks() throws Exception {
    String modules = "java.base,java.logging,java.sql,jdk.unsupported";
    try (ChildJvm child = child(List.of("--limit-modules", modules), "exec", "int n = 1;")) {
      assertThat(child.exitCode()).as(child.err()).isZero();
      assertThat(child.out())
          .contains("called: 1")
          .contains("InterpreterException: Interpreter 1: exec needs the module jdk.jshell")
          .contains("--add-modules");
    }
  }

  @Test
  void exitInSourceEndsTheProcess() throws Exception {
    try (ChildJvm child = child(List.of(), "exec", "System.exit(3);")) {
      assertThat(child.exitCode()).as(child.err()).isEqualTo(3);
    }
  }

  @Test
  void openInterpretersKeepNoJvmAlive() throws Exception {
    try (ChildJvm child = child(List.of(), "exec", "int n = 1;")) {
      assertThat(child.exitCode()).as(child.err()).isZero();
      assertThat(child.out()).isEqualTo("called: 1\nran\n");
    }
  }
}
