// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.contract.Gate;
import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Trace;
import dev.interlock.contract.Waiting;
import dev.interlock.isolation.Jobs;
import dev.interlock.spi.ExecutorHandle;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The interpreter's own lock: held while task code runs, let go around blocking calls. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class InterpreterLockTest {
  @TempDir Path directory;

  @Test
  void lockIsHeldByTaskCodeAndReleasedWhileItBlocks() throws Exception {
    Trace trace = new Trace(directory.resolve("trace").toString());
    Gate holding = new Gate(directory.resolve("holding").toString());
    Gate blocking = new Gate(directory.resolve("blocking").toString());
    Gate again = new Gate(directory.resolve("again").toString());
    try (TaskExecutor executor =
        Interlock.builder().strategy("subinterpreters").workers(1).open()) {
      TaskFuture<?> future = executor.submit(Jobs.lockSteps(trace, holding, blocking, again));
      awaitLines(trace, 1);
      PoolInterpreter interpreter =
          ((SubinterpreterExecutor) ExecutorHandle.behind(executor)).interpreters().get(0);
      assertThat(interpreter.isLocked()).isTrue();
      holding.open();
      awaitLines(trace, 2);
      Waiting.await().until(() -> !interpreter.isLocked());
      blocking.open();
      awaitLines(trace, 3);
      assertThat(interpreter.isLocked()).isTrue();
      again.open();
      Waiting.get(future);
      Waiting.await().until(() -> !interpreter.isLocked());
    }
  }

  private static void awaitLines(Trace trace, int count) {
    Waiting.await().until(() -> trace.lines().size() == count);
  }
}
