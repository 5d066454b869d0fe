// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import java.io.IOException;

/** Takes spares, and starts a child where there is none. Thread-safe. */
final class SpareSource implements ChildSource {
  private final SparePool spares;
  private final int count;
  private final ChildSource other;
  private final OutputRoute output;

  private SpareSource(SparePool spares, int count, ChildSource other, OutputRoute output) {
    this.spares = spares;
    this.count = count;
    this.other = other;
    this.output = output;
  }

  /**
   * Joins the spares of this kind of child.
   *
   * @param other where children come from when no spare is ready
   */
  static SpareSource open(
      ChildArguments arguments,
      ProcessOptions options,
      int workers,
      ChildSource other,
      OutputRoute output)
      throws IOException {
    int count =
        options
            .start()
            .spares()
            .orElse(Math.min(workers, Runtime.getRuntime().availableProcessors()));
    return new SpareSource(SparePool.join(arguments, options, count), count, other, output);
  }

  @Override
  public StartedChild take(ChildOwner owner, Deadline deadline) throws IOException {
    StartedChild spare = spares.take(owner, deadline);
    if (spare == null) {
      return other.take(owner, deadline);
    }
    spare.process().rename(owner.name(), output);
    owner.started(spare.process());
    return spare;
  }

  @Override
  public void firstTask(Class<?> type) {
    spares.firstTask(type);
  }

  @Override
  public void close() {
    spares.leave(count);
  }
}
