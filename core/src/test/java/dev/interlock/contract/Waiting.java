// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Every wait of the tests, with the one limit that all of them share. */
public final class Waiting {
  /** Sets the limit, in milliseconds, on machines that are slow or in tests of failures. */
  public static final String LIMIT_PROPERTY = "contract.limitMs";

  private static final long DEFAULT_LIMIT_MS = 30_000;

  private Waiting() {}

  /** How long a condition may take to come true before the test fails. */
  public static Duration limit() {
    return Duration.ofMillis(Long.getLong(LIMIT_PROPERTY, DEFAULT_LIMIT_MS));
  }

  /** Waits for a condition. */
  public static ConditionFactory await() {
    return Awaitility.await().pollInterval(Duration.ofMillis(1)).atMost(limit());
  }

  /** The result, within the limit. */
  public static <T> T get(Future<T> future) throws Exception {
    return future.get(limit().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The results, in order, each within the limit. */
  public static <T> List<T> getAll(List<? extends Future<? extends T>> futures) throws Exception {
    List<T> results = new ArrayList<>();
    for (Future<? extends T> future : futures) {
      results.add(get(future));
    }
    return results;
  }

  /** What a task threw. */
  public static Throwable failureOf(Future<?> future) {
    Throwable thrown = catchThrowable(() -> get(future));
    assertThat(thrown).as("what get() throws").isInstanceOf(ExecutionException.class);
    assertThat(thrown.getCause()).as("the cause of what get() throws").isNotNull();
    return thrown.getCause();
  }
}
