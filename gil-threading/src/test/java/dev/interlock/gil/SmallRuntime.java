// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Contends for a lock, and for a monitor beside it, in a JVM that has few modules. */
final class SmallRuntime {
  private SmallRuntime() {}

  public static void main(String[] args) throws Exception {
    Object monitor = new Object();
    AtomicBoolean stop = new AtomicBoolean();
    try (TaskExecutor executor =
        Interlock.builder()
            .strategy("gil-threading")
            .workers(3)
            .set("gil-threading.switch-interval", "0")
            .open()) {
      Runnable contend =
          () -> {
            while (!stop.get()) {
              synchronized (monitor) {
                Gil.checkpoint();
              }
              Gil.checkpoint();
            }
          };
      TaskFuture<?> first = executor.submit(contend);
      TaskFuture<?> second = executor.submit(contend);
      while (Gil.of(executor).statistics().takeOvers() == 0) {
        executor.submit(() -> {}).get();
      }
      stop.set(true);
      first.get();
      second.get();
      System.out.println(ModuleLayer.boot().findModule("jdk.jfr").isPresent() + " done");
    }
  }
}
