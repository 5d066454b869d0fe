// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The function of {@link TaskExecutor#map}: it can cross an isolation boundary, and it may throw.
 *
 * @param <A> the type of the input
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface TaskFunction<A extends @Nullable Object, R extends @Nullable Object>
    extends Serializable {

  /**
   * Computes the result for one input, in a worker.
   *
   * @throws Exception what the task wants its caller to see, as the cause of the failure
   */
  R apply(A input) throws Exception;
}
