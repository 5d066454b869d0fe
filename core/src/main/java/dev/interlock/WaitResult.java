// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What {@link TaskFutures#await} saw when it returned.
 *
 * @param done the futures that were done
 * @param notDone the others
 * @param <F> the type of the futures
 */
public record WaitResult<F>(Set<F> done, Set<F> notDone) {
  /** Copies both sets, in their order. */
  public WaitResult {
    done = Collections.unmodifiableSet(new LinkedHashSet<>(done));
    notDone = Collections.unmodifiableSet(new LinkedHashSet<>(notDone));
  }
}
