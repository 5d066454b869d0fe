// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import java.lang.instrument.Instrumentation;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Has the transformers run anew over classes that are loaded. */
final class Retransformation {
  private Retransformation() {}

  /**
   * All at once, which stops the JVM only once; if that fails, one by one.
   *
   * @return the classes that could not be retransformed, each with the reason
   */
  static Map<Class<?>, String> of(
      Instrumentation instrumentation, Collection<? extends Class<?>> classes) {
    if (classes.isEmpty() || tryAll(instrumentation, classes)) {
      return Map.of();
    }
    Map<Class<?>, String> failures = new LinkedHashMap<>();
    for (Class<?> type : classes) {
      try {
        instrumentation.retransformClasses(type);
      } catch (Throwable e) { // VerifyError, NoClassDefFoundError, UnmodifiableClassException
        failures.put(type, e.toString());
      }
    }
    return failures;
  }

  private static boolean tryAll(
      Instrumentation instrumentation, Collection<? extends Class<?>> classes) {
    try {
      instrumentation.retransformClasses(List.copyOf(classes).toArray(new Class<?>[0]));
      return true;
    } catch (Throwable e) { // some class's; which one, the caller finds out
      return false;
    }
  }
}
