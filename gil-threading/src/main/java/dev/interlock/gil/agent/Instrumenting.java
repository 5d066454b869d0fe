// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import dev.interlock.gil.instrument.SwitchPoints;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The agent while it is active: both transformers, and the classes that were loaded before. */
final class Instrumenting {
  private final Instrumentation instrumentation;
  private final BracketInstaller brackets = new BracketInstaller();
  private final CodeTransformer transformer;

  private Instrumenting(Instrumentation instrumentation, AgentOptions options) {
    this.instrumentation = instrumentation;
    this.transformer = new CodeTransformer(options);
  }

  /** Begins; when it returns, all loaded classes have been instrumented. */
  static Instrumenting start(Instrumentation instrumentation, AgentOptions options) {
    Instrumenting begun = new Instrumenting(instrumentation, options);
    try {
      begun.transformer.preload();
    } catch (IOException e) {
      throw new IllegalStateException("The agent cannot read its own classes: " + e, e);
    }
    begun.brackets.install(instrumentation);
    instrumentation.addTransformer(begun.transformer, true);
    begun.transformer.catchingUp(true);
    begun.retransform(type -> true);
    begun.transformer.catchingUp(false);
    return begun;
  }

  /** From now on, and for what is loaded; how many loaded classes have been changed. */
  synchronized int change(NamePattern pattern, SwitchPoints points) {
    transformer.addRule(pattern, points);
    return retransform(type -> pattern.matches(type.getName()));
  }

  /** From now on all classes count bytecodes; those that are fine stay so. */
  synchronized void countBytecodes() {
    if (transformer.startCounting()) {
      retransform(type -> true);
    }
  }

  private int retransform(Predicate<Class<?>> which) {
    List<Class<?>> classes = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (!type.isHidden()
          && !type.isArray()
          && instrumentation.isModifiableClass(type)
          && transformer.isFor(type)
          && which.test(type)) {
        classes.add(type);
      }
    }
    Map<Class<?>, String> failures = Retransformation.of(instrumentation, classes);
    failures.forEach((type, reason) -> transformer.failed(type.getName(), reason));
    return classes.size() - failures.size();
  }

  AgentCoverage coverage() {
    return new AgentCoverage(
        AgentState.ACTIVE,
        transformer.instrumented(),
        transformer.leftAlone(),
        transformer.failures(),
        transformer.nativeMethods(),
        transformer.tooLarge(),
        brackets.found(),
        brackets.missing(),
        brackets.uncovered());
  }
}
