// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter.unload;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The threads of this process, and whether one belongs to a loader. */
final class LiveThreads {
  /** JDK 17 and 18; later a thread has a {@link #HOLDER}. */
  private static final @Nullable PrivateField TARGET =
      PrivateField.of("java.lang.Thread", "target");

  private static final @Nullable PrivateField HOLDER =
      PrivateField.of("java.lang.Thread", "holder");
  private static final @Nullable PrivateField TASK =
      PrivateField.of("java.lang.Thread$FieldHolder", "task");

  private LiveThreads() {}

  /** All platform threads but the current one. */
  static List<Thread> others() {
    Thread current = Thread.currentThread();
    ThreadGroup root = Objects.requireNonNull(current.getThreadGroup());
    while (root.getParent() != null) {
      root = root.getParent();
    }
    Thread[] all = new Thread[root.activeCount() + 64];
    int count = root.enumerate(all);
    List<Thread> others = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      if (all[i] != current) {
        others.add(all[i]);
      }
    }
    return others;
  }

  /** Whether code of the loader started it or is what it runs. */
  static boolean belongsTo(Thread thread, UnloadableLoader loader) throws IllegalAccessException {
    if (thread.getContextClassLoader() == loader || loader.defined(thread)) {
      return true;
    }
    Object target = target(thread);
    return target != null && loader.defined(target);
  }

  /** The culprit's thread and class, for a log line. */
  static String describe(Thread thread) throws IllegalAccessException {
    Object target = target(thread);
    Class<?> type = (target == null ? thread : target).getClass();
    return "the "
        + (thread.isDaemon() ? "daemon " : "")
        + "thread "
        + thread.getName()
        + " ("
        + type.getName()
        + ")";
  }

  private static @Nullable Object target(Thread thread) throws IllegalAccessException {
    if (TARGET != null) {
      return TARGET.get(thread);
    }
    Object holder = HOLDER == null ? null : HOLDER.get(thread);
    return holder == null || TASK == null ? null : TASK.get(holder);
  }
}
