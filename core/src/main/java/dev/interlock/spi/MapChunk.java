// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Task;
import dev.interlock.TaskFunction;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Several items of {@code map} as one task; each has an outcome of its own. */
@SuppressWarnings("serial") // crosses by the codec, field by field
record MapChunk<A extends @Nullable Object, R extends @Nullable Object>(
    TaskFunction<? super A, ? extends R> function, Outcomes<A> items)
    implements Task<MapChunk.Result<R>> {

  /**
   * What became of the items.
   *
   * @param outcomes one per item, in order
   * @param elapsedNs how long the items took together in the worker, decoding them included
   */
  record Result<R extends @Nullable Object>(Outcomes<R> outcomes, long elapsedNs) {
    Result {
      Objects.requireNonNull(outcomes, "outcomes");
    }
  }

  @Override
  public Result<R> call() {
    long startNs = System.nanoTime();
    int size = items.size();
    Outcomes<R> outcomes = new Outcomes<>(size);
    for (int i = 0; i < size; i++) {
      if (!items.isSuccess(i)) {
        outcomes.fail(i, items.failure(i));
        continue;
      }
      try {
        outcomes.set(i, function.apply(items.value(i)));
      } catch (Throwable failure) { // the item's own: it goes to whoever reads this result
        outcomes.fail(i, failure);
      }
    }
    return new Result<>(outcomes, items.decodingNs() + System.nanoTime() - startNs);
  }
}
