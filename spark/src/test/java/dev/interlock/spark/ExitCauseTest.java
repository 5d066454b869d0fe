// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCauseTest {
  @ParameterizedTest
  @CsvSource({
    "Command exited with code 3, exit code 3, 3, true",
    "Command exited with code 0, exit code 0, 0, true",
    "Command exited with code 137, signal 9 (SIGKILL), 137, false",
    "Command exited with code 143, signal 15 (SIGTERM), 143, false",
    "Command exited with code 134, signal 6 (SIGABRT), 134, true",
    "Command exited with code 139, signal 11 (SIGSEGV), 139, true",
    "Command exited with code 135, exit code 135, 135, false",
    "The executor with id 3 exited with exit code 52(JVM OOM)., exit code 52, 52, true",
    "Container from a bad node: c on host: h. Exit status: 143., signal 15 (SIGTERM), 143, false",
  })
  void sparksWordsAreUnderstood(String said, String text, int code, boolean ownDoing) {
    ExitCause cause = ExitCause.of(said);
    assertThat(cause.text()).isEqualTo(text);
    assertThat(cause.exitCode()).isEqualTo(code);
    assertThat(cause.isOwnDoing()).isEqualTo(ownDoing);
    assertThat(cause.isOurs()).isFalse();
  }

  @Test
  void whatIsNotUnderstoodIsPassedOn() {
    ExitCause cause = ExitCause.of("worker lost: 127.0.0.2:45645 got disassociated");
    assertThat(cause.text()).isEqualTo("worker lost: 127.0.0.2:45645 got disassociated");
    assertThat(cause.exitCode()).isEqualTo(-1);
    assertThat(cause.isOwnDoing()).isFalse();
    assertThat(ExitCause.of("").text()).isEqualTo("the executor was lost");
  }

  @Test
  void ourOwnCodeIsKnown() {
    assertThat(ExitCause.of("Command exited with code " + KillWatch.EXIT_CODE).isOurs()).isTrue();
  }

  @Test
  void aNumberThatIsNoExitCodeIsNone() {
    assertThat(ExitCause.of("exited with code 99999999999").exitCode()).isEqualTo(-1);
  }
}
