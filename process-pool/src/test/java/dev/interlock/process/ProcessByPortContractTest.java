// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The contract where the temporary directory's path is too long for a Unix-domain socket, so that
 * parent and children talk by a loopback port.
 */
@EnabledIfSystemProperty(
    named = "contract.by-port",
    matches = "true",
    disabledReason = "CancelByPortTest is the short form; -Dcontract.by-port=true runs all of it")
@ExtendWith(LongTemporaryPath.class)
class ProcessByPortContractTest extends ProcessContractTest {
  @Test
  void bothChannelsAreConnections() throws Exception {
    long connections =
        executor()
            .submit(() -> ownSocketsIn("/proc/self/net/tcp") + ownSocketsIn("/proc/self/net/tcp6"))
            .get();
    assertThat(connections).isEqualTo(2);
  }

  /** How many of this process's sockets the table lists. */
  private static long ownSocketsIn(String table) throws IOException {
    String listed = Files.readString(Path.of(table));
    long count = 0;
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        String target;
        try {
          target = Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
          continue; // closed meanwhile: the one of this very list
        }
        if (target.startsWith("socket:[")
            && listed.contains(" " + target.substring(8, target.length() - 1))) {
          count++;
        }
      }
    }
    return count;
  }
}
