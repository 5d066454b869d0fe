// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The function of a {@link TaskExecutor#map} over two inputs.
 *
 * @param <A> the type of the first input
 * @param <B> the type of the second input
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface TaskBiFunction<
        A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
    extends Serializable {

  /**
   * Computes the result for one pair of inputs, in a worker.
   *
   * @throws Exception what the task wants its caller to see, as the cause of the failure
   */
  R apply(A first, B second) throws Exception;
}
