// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** C4: an executor that is dropped without being closed. What is left, {@link LeakCheck} finds. */
interface DroppedContract extends Subject {

  @Test
  default void required_C4_whatADroppedExecutorHasAcceptedStillRuns() throws Exception {
    Gate gate = gate();
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    WeakReference<TaskExecutor> dropped = dropped(gate, futures);
    collect(dropped);
    gate.open();
    assertThat(Waiting.getAll(futures)).containsExactly(0, 1, 2, 3, 4);
  }

  private WeakReference<TaskExecutor> dropped(Gate gate, List<TaskFuture<Integer>> futures) {
    TaskExecutor executor = open();
    block(executor, gate);
    for (int i = 0; i < 5; i++) {
      int number = i;
      futures.add(executor.submit(() -> number));
    }
    return new WeakReference<>(executor);
  }

  @Test
  default void required_C4_anIdleExecutorThatIsDroppedLeavesNothing() {
    collect(dropped(List.of()));
  }

  private WeakReference<TaskExecutor> dropped(List<Integer> items) {
    TaskExecutor executor = open();
    assertThat(executor.map(n -> n, items).toList()).isEqualTo(items);
    return new WeakReference<>(executor);
  }

  @Test
  default void required_C4_resultsOfMapKeepTheirExecutor() {
    List<Integer> items = IntStream.range(0, 500).boxed().toList();
    List<Integer> read = new ArrayList<>();
    collect(readAll(items, read));
    assertThat(read).isEqualTo(items);
  }

  private WeakReference<TaskExecutor> readAll(List<Integer> items, List<Integer> read) {
    TaskExecutor executor = open();
    WeakReference<TaskExecutor> dropped = new WeakReference<>(executor);
    Iterator<Integer> results = executor.map(n -> n, items).iterator();
    executor = null;
    while (results.hasNext()) {
      if (read.size() % 100 == 0) {
        System.gc();
      }
      read.add(results.next());
    }
    return dropped;
  }

  /** Afterwards nothing refers to it any more, and it will be shut down. */
  private static void collect(WeakReference<TaskExecutor> dropped) {
    Waiting.await()
        .until(
            () -> {
              System.gc();
              return dropped.get() == null;
            });
  }
}
