// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter.unload;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the shutdown hooks of the loader's code now and takes them from the JVM's list: what they
 * are to end has ended. So does CPython with the {@code atexit} functions of a sub-interpreter.
 */
final class ShutdownHookCure implements Cure {
  private static final long LIMIT_MS = 1_000;
  private static final @Nullable PrivateField HOOKS =
      PrivateField.of("java.lang.ApplicationShutdownHooks", "hooks");

  @Override
  public void apply(UnloadableLoader loader, Consumer<String> left)
      throws IllegalAccessException, InterruptedException {
    for (Thread hook : hooksOf(loader)) {
      if (remove(hook)) {
        hook.start();
        hook.join(LIMIT_MS);
        if (hook.isAlive()) {
          left.accept("the shutdown hook " + LiveThreads.describe(hook) + ", which does not end");
        }
      }
    }
  }

  private static List<Thread> hooksOf(UnloadableLoader loader) throws IllegalAccessException {
    List<Thread> hooks = new ArrayList<>();
    Object all = HOOKS == null ? null : HOOKS.get(null);
    if (all instanceof Map<?, ?> map) {
      synchronized (monitorOfHooks()) {
        for (Object hook : map.keySet()) {
          if (hook instanceof Thread thread && LiveThreads.belongsTo(thread, loader)) {
            hooks.add(thread);
          }
        }
      }
    }
    return hooks;
  }

  /** What the JDK itself holds while it looks at the hooks. */
  private static Object monitorOfHooks() {
    try {
      return Class.forName("java.lang.ApplicationShutdownHooks");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean remove(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) { // the JVM ends, and runs it itself
      return false;
    }
  }

  @Override
  public String toString() {
    return "shutdown hooks";
  }
}
