// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.gil.gate.Gate;
import dev.interlock.gil.gate.InterlockGate;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Code that is hard on whoever rewrites it does the same with checks as without. */
class TrickyCodeTest {
  @AfterEach
  void restoreGate() {
    InterlockGate.breaker = 0;
    InterlockGate.hook = null;
    InterlockGate.counter = null;
  }

  @ParameterizedTest
  @EnumSource(SwitchPoints.class)
  void doesTheSameWithChecks(SwitchPoints points) throws Exception {
    Map<String, byte[]> original = Compiled.resource("Tricky.java");
    Map<String, String> expected = outcomes(original);
    InterlockGate.hook = event -> {};
    InterlockGate.breaker = 1 | Gate.ONE_STRAY;
    assertThat(outcomes(GateLoader.instrumented(original, points))).isEqualTo(expected);
    assertThat(expected).hasSizeGreaterThan(20);
  }

  @Test
  void leavesEachInitializerThatItEntersHoweverItEnds() throws Exception {
    Map<String, byte[]> classes =
        GateLoader.instrumented(Compiled.resource("Tricky.java"), SwitchPoints.COARSE);
    AtomicInteger entered = new AtomicInteger();
    AtomicInteger left = new AtomicInteger();
    Thread here = Thread.currentThread();
    InterlockGate.hook =
        event -> {
          if (Thread.currentThread() == here) {
            entered.addAndGet(event == Gate.ENTER_INITIALIZER ? 1 : 0);
            left.addAndGet(event == Gate.EXIT_INITIALIZER ? 1 : 0);
          }
        };
    outcomes(classes);
    assertThat(entered).hasValueGreaterThan(3);
    assertThat(left).hasValue(entered.get());
  }

  private static Map<String, String> outcomes(Map<String, byte[]> classes) throws Exception {
    Class<?> tricky = new GateLoader(classes).loadClass("Tricky");
    Map<String, Method> cases = new TreeMap<>();
    for (Method method : tricky.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers()) && method.getParameterCount() == 0) {
        cases.put(method.getName(), method);
      }
    }
    Map<String, String> outcomes = new TreeMap<>();
    for (Map.Entry<String, Method> each : cases.entrySet()) {
      outcomes.put(each.getKey(), (String) each.getValue().invoke(null));
    }
    return outcomes;
  }
}
