// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter.unload;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Interrupts the daemon threads that the loader's code has left and waits a little for them. Those
 * that go on, and all others, are named: they may be in the middle of something, and no JVM can
 * stop a thread.
 */
final class ThreadCure implements Cure {
  private static final long LIMIT_NS = TimeUnit.MILLISECONDS.toNanos(500);

  @Override
  public void apply(UnloadableLoader loader, Consumer<String> left)
      throws IllegalAccessException, InterruptedException {
    List<Thread> found = new ArrayList<>();
    for (Thread thread : LiveThreads.others()) {
      if (LiveThreads.belongsTo(thread, loader)) {
        found.add(thread);
        if (thread.isDaemon()) {
          thread.interrupt();
        }
      }
    }
    long startNs = System.nanoTime();
    for (Thread thread : found) {
      long leftNs = LIMIT_NS - (System.nanoTime() - startNs);
      if (thread.isDaemon() && leftNs > 0) {
        TimeUnit.NANOSECONDS.timedJoin(thread, leftNs);
      }
      if (thread.isAlive()) {
        left.accept(LiveThreads.describe(thread));
      } else {
        thread.setContextClassLoader(null); // who remembers the thread would keep it
      }
    }
  }

  @Override
  public String toString() {
    return "threads";
  }
}
