// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Task;
import dev.interlock.TaskFunction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several items of {@code map} as one task; each has an outcome of its own. */
record MapChunk<A extends @Nullable Object, R extends @Nullable Object>(
    TaskFunction<? super A, ? extends R> function, List<Outcome<A>> items)
    implements Task<MapChunk.Result<R>> {

  /**
   * What became of the items.
   *
   * @param outcomes one per item, in order
   * @param elapsedNs how long the items took together, in the worker
   */
  record Result<R extends @Nullable Object>(List<Outcome<R>> outcomes, long elapsedNs) {}

  @Override
  public Result<R> call() {
    long startNs = System.nanoTime();
    List<Outcome<R>> outcomes = new ArrayList<>(items.size());
    for (Outcome<A> item : items) {
      outcomes.add(applyTo(item));
    }
    return new Result<>(outcomes, System.nanoTime() - startNs);
  }

  private Outcome<R> applyTo(Outcome<A> item) {
    if (!item.isSuccess()) {
      return Outcome.failure(item.failure());
    }
    try {
      return Outcome.success(function.apply(item.value()));
    } catch (Throwable failure) { // the item's own: it goes to whoever reads this result
      return Outcome.failure(failure);
    }
  }
}
