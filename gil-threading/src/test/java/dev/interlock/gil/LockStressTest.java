// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.interlock.contract.Jcstress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jcstress tests of the lock. */
class LockStressTest {
  @Test
  void jcstressFindsNoForbiddenOutcome(@TempDir Path directory) throws Exception {
    assumeFalse(EvalBreaker.isInstrumented(), "the agent changes nothing in these");
    Jcstress.assertNoForbiddenOutcome(directory, "dev.interlock.gil", Duration.ofMillis(500));
  }
}
