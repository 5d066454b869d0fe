// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterAddressTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Test
  void severalMastersAreSeparatedByCommas() {
    assertThat(MasterAddress.addresses("spark://127.0.0.1:7077, localhost:7078,[::1]:7079"))
        .extracting(InetSocketAddress::getPort)
        .containsExactly(7077, 7078, 7079);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark://",
        "spark://host",
        "spark://:7077",
        "spark://ho st:7077",
        "spark://host:seven",
        "spark://host:99999",
        "spark://a:1,,b:2",
      })
  void whatIsNoAddressIsQuoted(String master) {
    assertThatThrownBy(() -> MasterAddress.addresses(master))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("interlock.spark.master is '" + master + "'")
        .hasMessageContaining("spark://host:port");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"spark://127.0.0.1:1", "spark://localhost:1", "spark://127.0.0.1:1,[::1]:2"})
  void loopbackIsKnown(String master) {
    assertThat(MasterAddress.isLoopback(master)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"local[*]", "yarn", "spark://192.0.2.1:1", "spark://127.0.0.1:1,192.0.2.1:1"})
  void whatIsElsewhereIsNotLoopback(String master) {
    assertThat(MasterAddress.isLoopback(master)).isFalse();
  }

  @Test
  void oneMasterThatAnswersIsEnough() throws IOException {
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed.close();
      String dead = "127.0.0.1:" + closed.getLocalPort();
      Deadline deadline = Deadline.after(LIMIT);
      MasterAddress.checkReachable(
          "spark://" + dead + ",127.0.0.1:" + open.getLocalPort(), deadline);
      MasterAddress.checkReachable("k8s://https://example.invalid", deadline);
      assertThatThrownBy(() -> MasterAddress.checkReachable("spark://" + dead, deadline))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no master answers at spark://" + dead)
          .hasMessageContaining("Connection refused");
    }
  }

  @Test
  void aHostThatNobodyKnowsIsNamed() {
    assertThatThrownBy(
            () ->
                MasterAddress.checkReachable(
                    "spark://no.such.host.invalid:7077", Deadline.after(LIMIT)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no.such.host.invalid")
        .hasMessageContaining("unknown host");
  }
}
