// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;

import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.util.ArrayList;
import java.util.List;

/** A parent that keeps two children busy until it is ended from outside. */
final class TestParent {
  private TestParent() {}

  /** Prints the pids of the children that it has made busy. */
  public static void main(String[] arguments) throws Exception {
    TaskExecutor executor = pool(2).open();
    List<TaskFuture<?>> busy = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      busy.add(
          executor.submit(
              () -> {
                System.out.println("busy");
                for (int n = 0; n >= 0; n = (n + 1) & 0xffff) {
                  Thread.onSpinWait();
                }
              }));
    }
    for (TaskFuture<?> future : busy) {
      future.join();
    }
  }
}
