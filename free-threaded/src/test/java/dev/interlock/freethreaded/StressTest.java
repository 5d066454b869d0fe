// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.contract.Jcstress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jcstress tests of the queues, of publication, of cancels and of wake-ups. */
class StressTest {
  @Test
  void jcstressFindsNoForbiddenOutcome(@TempDir Path directory) throws Exception {
    Jcstress.assertNoForbiddenOutcome(
        directory, "dev.interlock.freethreaded", Duration.ofMillis(200));
  }
}
