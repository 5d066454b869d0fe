// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.interlock.BrokenExecutorException;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Thread factories, for strategies whose workers are threads. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
public abstract class ThreadFactoryCases {
  /** Of the strategy under test. */
  protected abstract Interlock.Builder builder();

  @Test
  void aFactoryThatGivesNoThreadBreaksTheExecutor() {
    TaskExecutor executor = builder().threadFactory(body -> null).open();
    assertThatExceptionOfType(Exception.class)
        .isThrownBy(() -> executor.submit(() -> 1).get())
        .havingRootCause()
        .withMessageContaining("gave no thread");
    Waiting.await().until(executor::isTerminated);
    assertThatExceptionOfType(BrokenExecutorException.class)
        .isThrownBy(() -> executor.submit(() -> 1));
    executor.close();
  }
}
