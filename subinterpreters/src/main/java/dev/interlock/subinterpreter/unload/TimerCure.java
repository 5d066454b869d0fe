// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter.unload;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cancels the {@link java.util.Timer}s that the loader's code has made. Their threads hold the
 * tasks, and the tasks' classes hold the timers, so they would go on for ever.
 */
final class TimerCure implements Cure {
  private static final String THREAD = "java.util.TimerThread";
  private static final @Nullable PrivateField QUEUE = PrivateField.of(THREAD, "queue");
  private static final @Nullable PrivateField OPEN =
      PrivateField.of(THREAD, "newTasksMayBeScheduled");
  private static final @Nullable PrivateField SIZE = PrivateField.of("java.util.TaskQueue", "size");
  private static final @Nullable PrivateField TASKS =
      PrivateField.of("java.util.TaskQueue", "queue");

  @Override
  public void apply(UnloadableLoader loader, Consumer<String> left) throws IllegalAccessException {
    if (QUEUE == null) {
      return; // then the threads are named
    }
    for (Thread thread : LiveThreads.others()) {
      if (thread.getClass().getName().equals(THREAD) && LiveThreads.belongsTo(thread, loader)) {
        Object queue = QUEUE.get(thread);
        if (queue != null) {
          cancel(thread, queue);
        }
      }
    }
  }

  /** As {@link java.util.Timer#cancel} does, under the same monitor. */
  private static void cancel(Thread thread, Object queue) throws IllegalAccessException {
    if (OPEN == null || SIZE == null || TASKS == null) {
      return;
    }
    synchronized (queue) {
      OPEN.set(thread, false);
      Object[] tasks = (Object[]) TASKS.get(queue);
      Arrays.fill(tasks, null);
      SIZE.set(queue, 0);
      queue.notifyAll();
    }
    thread.setContextClassLoader(null); // a cleaner of the JDK's remembers the thread
  }

  @Override
  public String toString() {
    return "timers";
  }
}
