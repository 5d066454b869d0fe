// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter.unload;

import java.lang.ref.Reference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Empties the thread-locals that the loader's code has set in threads of others, such as the common
 * pool's. Only the value is overwritten: no code that knows the variable runs any more, and the
 * owner's table keeps its form, so the owner may go on using it meanwhile.
 */
final class ThreadLocalCure implements Cure {
  private static final String MAP = "java.lang.ThreadLocal$ThreadLocalMap";
  private static final @Nullable PrivateField OWN =
      PrivateField.of("java.lang.Thread", "threadLocals");
  private static final @Nullable PrivateField INHERITED =
      PrivateField.of("java.lang.Thread", "inheritableThreadLocals");
  private static final @Nullable PrivateField TABLE = PrivateField.of(MAP, "table");
  private static final @Nullable PrivateField VALUE = PrivateField.of(MAP + "$Entry", "value");

  @Override
  public void apply(UnloadableLoader loader, Consumer<String> left) throws IllegalAccessException {
    if (OWN == null || INHERITED == null) {
      return;
    }
    for (Thread thread : LiveThreads.others()) {
      empty(OWN.get(thread), loader);
      empty(INHERITED.get(thread), loader);
    }
  }

  private static void empty(@Nullable Object map, UnloadableLoader loader)
      throws IllegalAccessException {
    if (map == null || TABLE == null || VALUE == null) {
      return;
    }
    Object table = TABLE.get(map);
    if (table instanceof Reference<?>[] entries) {
      for (Reference<?> entry : entries) {
        Object value = entry == null ? null : VALUE.get(entry);
        if (value != null && (loader.defined(value) || value == loader)) {
          VALUE.set(entry, null);
        }
      }
    }
  }

  @Override
  public String toString() {
    return "thread-locals";
  }
}
