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
   * All at once, which stops the JVM only once; if that fails, in halves, down to the classes that
   * are to blame.
   *
   * @return the classes that could not be retransformed, each with the reason
   */
  static Map<Class<?>, String> of(
      Instrumentation instrumentation, Collection<? extends Class<?>> classes) {
    Map<Class<?>, String> failures = new LinkedHashMap<>();
    retransform(instrumentation, List.copyOf(classes), failures);
    return failures;
  }

  private static void retransform(
      Instrumentation instrumentation,
      List<? extends Class<?>> classes,
      Map<Class<?>, String> failures) {
    if (classes.isEmpty()) {
      return;
    }
    try {
      instrumentation.retransformClasses(classes.toArray(new Class<?>[0]));
    } catch (Throwable e) { // VerifyError, NoClassDefFoundError, UnmodifiableClassException
      if (classes.size() == 1) {
        failures.put(classes.get(0), e.toString());
        return;
      }
      int half = classes.size() / 2;
      retransform(instrumentation, classes.subList(0, half), failures);
      retransform(instrumentation, classes.subList(half, classes.size()), failures);
    }
  }
}
