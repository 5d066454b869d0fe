// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.gil.gate.InterlockGate;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A loop that never ends, and has been compiled, sees the breaker change. */
class HotLoopTest {
  private static final String SOURCE =
      """
      public class Hot {
        public static volatile long progress;
        static boolean stop;

        public static void forever() {
          int x = 0;
          while (true) { progress(x++); }
        }
        static void progress(int x) { if ((x & 0xFFFFF) == 5) progress++; }

        public static void plainFlag() { progress = 1 << 20; while (!stop) {} }

        public static void countedForever() {
          int h = 0;
          for (int i = 0; i <= Integer.MAX_VALUE; i++) { h = h * 31 + i; if ((i & 0xFFFFF) == 0) progress++; }
        }

        public static void long_() {
          long h = 0;
          for (long i = 0; i < Long.MAX_VALUE; i++) { h = h * 31 + i; if ((i & 0xFFFFF) == 0) progress++; }
        }

        public static void nested() {
          int[] a = new int[100];
          for (;;) { for (int i = 0; i < a.length; i++) { a[i] += i; } progress++; }
        }

        public static void split() {
          for (;;) {
            int h = 0;
            for (int i = 0; i < Integer.MAX_VALUE; i++) { h = h * 31 + i; if ((i & 0xFFFFF) == 0) progress++; }
          }
        }

        public static void recursion() { while (true) { down(1000); progress++; } }
        static int down(int n) { return n == 0 ? 0 : 1 + down(n - 1); }
      }
      """;

  /** What the hook throws to end a loop. */
  private static final class Ended extends RuntimeException {}

  @AfterEach
  void restoreGate() {
    InterlockGate.breaker = 0;
    InterlockGate.hook = null;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"forever", "plainFlag", "countedForever", "long_", "nested", "split", "recursion"})
  void seesTheBreaker(String method) throws Exception {
    Map<String, byte[]> classes =
        GateLoader.instrumented(Compiled.source("Hot", SOURCE), SwitchPoints.COARSE);
    Class<?> hot = new GateLoader(classes).loadClass("Hot");
    Method loop = hot.getMethod(method);
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                loop.invoke(null);
              } catch (InvocationTargetException e) {
                end.set(e.getCause());
              } catch (IllegalAccessException e) {
                end.set(e);
              }
            });
    InterlockGate.hook =
        event -> {
          if (Thread.currentThread() == thread && InterlockGate.breaker != 0) {
            throw new Ended();
          }
        };
    thread.setDaemon(true);
    thread.start();
    long compiled = 100; // times about a million iterations
    await().until(() -> (long) hot.getField("progress").get(null) > compiled);
    InterlockGate.breaker = 1;
    await().until(() -> !thread.isAlive());
    assertThat(end.get()).isInstanceOf(Ended.class);
  }
}
