// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.interlock.contract.LeakCheck;
import dev.interlock.subinterpreter.ExecutionFailedException;
import dev.interlock.subinterpreter.Interpreter;
import dev.interlock.subinterpreter.Interpreters;
import dev.interlock.subinterpreter.InvalidSourceException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Source that runs in an interpreter. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class ExecTest {
  private Interpreter interpreter;

  @BeforeEach
  void create() {
    interpreter = Interpreters.create();
  }

  @AfterEach
  void close() {
    interpreter.close();
  }

  /** The compiler cannot name this one from outside. */
  record Hidden(int n) {}

  private InvalidSourceException invalid(String source) {
    return catchThrowableOfType(InvalidSourceException.class, () -> interpreter.exec(source));
  }

  @Test
  void declarationsStatementsAndExpressionsRunInOrder() {
    interpreter.exec(
        """
        import java.util.*;   // as in a file
        enum Colour { RED, GREEN }
        record Pair(String key, int value) {}
        interface Named { String name(); }
        @FunctionalInterface interface Calc { int of(int x); }
        final List<String> seen = new ArrayList<>();
        int[] numbers = {1, 2, 3};
        Calc twice = x -> { int y = x; return y * 2; };
        static int sum(int... all) throws IllegalStateException {
          int s = 0;
          for (int n : all) { s += n; }
          return s;
        }
        <T extends Comparable<T>> T larger(T a, T b) { return a.compareTo(b) > 0 ? a : b; }
        for (int n : numbers)
          if (n % 2 == 0) { seen.add("even {;}"); }
          else seen.add("odd" + ';' + '"');
        try { Integer.parseInt("x"); } catch (NumberFormatException e) { seen.add("caught"); } finally { seen.add("f"); }
        do { numbers[0]++; } while (numbers[0] < 5);
        String text = \"""
            a; b }
            \""";
        int n = switch (Colour.RED) { case RED -> 1; default -> 2; };
        new Object() { void run() { seen.add("anonymous"); } }.run();
        outer: while (true) { break outer; }
        /* ; } */ synchronized (seen) { seen.add(new Pair("k", sum(numbers)).toString()); };
        sum(1, 2)
        """);
    assertThat((List<?>) interpreter.get("seen"))
        .isEqualTo(
            Arrays.asList(
                "odd;\"",
                "even {;}",
                "odd;\"",
                "caught",
                "f",
                "anonymous",
                "Pair[key=k, value=10]"));
    assertThat(interpreter.get("numbers")).isEqualTo(new int[] {5, 2, 3});
    assertThat(interpreter.get("text")).isEqualTo("a; b }\n");
    assertThat(interpreter.get("n")).isEqualTo(1);
    interpreter.exec("int more = twice.of(4) + larger(1, 2);");
    assertThat(interpreter.get("more")).isEqualTo(10);
  }

  @Test
  void nothingToRunIsFine() {
    interpreter.exec("");
    interpreter.exec("  // nothing\n /* at all */ ;; ");
  }

  @Test
  void whatComesLaterInTheSourceIsKnownEarlier() {
    interpreter.exec(
        "int first() { return second(); }\nint second() { return 7; }\nint r = first();");
    assertThat(interpreter.get("r")).isEqualTo(7);
  }

  @Test
  void variablesAreDeclaredWithFittingTypes() {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("i", 20);
    variables.put("l", 1L);
    variables.put("c", 'c');
    variables.put("s", "text");
    variables.put("words", List.of("a", "b"));
    variables.put("mixed", List.of("a", 1));
    variables.put("p", new Sources.Point(1, 2));
    variables.put("hidden", new Hidden(3));
    variables.put("nothing", null);
    variables.put("bytes", new byte[] {1, 2});
    variables.put("memory", ByteBuffer.allocateDirect(8).putLong(0, 42));
    variables.put("self", interpreter);
    interpreter.prepareMain(variables);
    interpreter.exec(
        """
        int sum = i + (int) l + p.sum();
        String all = words.get(0).toUpperCase() + s.length() + c + bytes.length + memory.getLong(0) + self.id();
        boolean empty = nothing == null && mixed.size() == 2 && hidden.toString().equals("Hidden[n=3]");
        i = 21;
        """);
    assertThat(interpreter.get("sum")).isEqualTo(24);
    assertThat(interpreter.get("all")).isEqualTo("A4c242" + interpreter.id());
    assertThat(interpreter.get("empty")).isEqualTo(true);
    assertThat(interpreter.get("i")).isEqualTo(21);
    assertThat(interpreter.get("p")).isEqualTo(new Sources.Point(1, 2));
    interpreter.prepareMain("i", "now a string");
    assertThat(interpreter.get("i")).isEqualTo("now a string");
    interpreter.exec("int length = i.length();");
    assertThat(interpreter.get("length")).isEqualTo(12);
  }

  @Test
  void classesOfTheApplicationAreTheInterpretersOwn() {
    Jobs.counter = 5;
    interpreter.exec("int counted = dev.interlock.isolation.Sources.count();");
    assertThat(interpreter.get("counted")).isEqualTo(1);
    assertThat(interpreter.call(Jobs::count)).as("one class, one counter").isEqualTo(2);
    interpreter.exec(
        "ClassLoader context = Thread.currentThread().getContextClassLoader();"
            + "boolean own = context == dev.interlock.isolation.Sources.class.getClassLoader();"
            + "String thread = Thread.currentThread().getName();");
    assertThat(interpreter.get("own")).isEqualTo(true);
    assertThat(interpreter.get("thread")).isEqualTo("interpreter-" + interpreter.id());
  }

  @Test
  void problemsAreAtTheirPlaceInTheSource() {
    InvalidSourceException syntax = invalid("int a = 1;\n  int b = = 2;");
    assertThat(syntax.line()).isEqualTo(2);
    assertThat(syntax.column()).isBetween(11, 12);
    InvalidSourceException type = invalid("int c = 1;\n\n  String d = 5;");
    assertThat(type.problems()).hasSize(1);
    assertThat(type.problems().get(0).message()).contains("incompatible types");
    assertThat(type.line()).isEqualTo(3);
    assertThat(type.column()).isEqualTo(14);
    InvalidSourceException unknown = invalid("\n Unknown u;");
    assertThat(unknown.line()).isEqualTo(2);
    assertThat(unknown.column()).isEqualTo(2);
    assertThat(unknown).hasMessageContaining("Unknown");
    assertThat(invalid("nowhere + 1;").problems().get(0).message()).contains("nowhere");
    assertThat(invalid("void f() {").line()).isEqualTo(1);
    assertThat(invalid("int e = 1;\n}").line()).isEqualTo(2);
    assertThat(invalid("String s = \"open;\nint f = 1;").line()).isEqualTo(1);
    assertThat(interpreter.get("a")).as("what stood before it has run").isEqualTo(1);
    assertThatThrownBy(() -> interpreter.get("b")).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void whatItThrowsIsToldWithTheLinesOfTheSource() {
    interpreter.exec("\nvoid bad(int n) {\n  throw new IllegalArgumentException(\"n\" + n);\n}");
    assertThatThrownBy(() -> interpreter.exec("int before = 1;\n\nbad(3);\nint after = 1;"))
        .isInstanceOfSatisfying(
            ExecutionFailedException.class,
            e -> {
              assertThat(e.type()).isEqualTo("java.lang.IllegalArgumentException");
              assertThat(e.remoteMessage()).isEqualTo("n3");
              assertThat(e.formatted())
                  .contains("at bad (exec, line 3)")
                  .contains("at (exec, line 3)")
                  .doesNotContain("REPL");
              assertThat(e).hasNoCause();
            });
    assertThat(interpreter.get("before")).isEqualTo(1);
    assertThatThrownBy(() -> interpreter.get("after")).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(
            () ->
                interpreter.exec(
                    "throw new RuntimeException(\"out\", new java.io.IOException(\"in\"));"))
        .hasMessageContaining("Caused by: java.io.IOException: in");
    assertThatThrownBy(() -> interpreter.exec("int r(int n) { return r(n + 1) + 1; } r(0);"))
        .isInstanceOf(ExecutionFailedException.class)
        .hasMessageContaining("StackOverflowError");
    interpreter.exec("before++;");
    assertThat(interpreter.get("before")).isEqualTo(2);
  }

  @Test
  void valuesThatCannotLeaveAreRefusedAndStay() {
    interpreter.exec(
        "Thread t = Thread.currentThread(); record Own(int n) {} Own own = new Own(1);");
    assertThatThrownBy(() -> interpreter.get("t"))
        .isInstanceOf(dev.interlock.NotShareableException.class);
    assertThatThrownBy(() -> interpreter.get("own"))
        .as("its class is nowhere else")
        .isInstanceOf(dev.interlock.UndecodableException.class);
    interpreter.exec("int n = own.n();");
    assertThat(interpreter.get("n")).isEqualTo(1);
  }

  @Test
  void interruptingTheCallerInterruptsTheSource() throws Exception {
    interpreter.exec("int i = 0;");
    Thread test = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              dev.interlock.contract.Waiting.await().until(interpreter::isRunning);
              test.interrupt();
            });
    interrupter.start();
    assertThatThrownBy(() -> interpreter.exec("Thread.sleep(600_000);"))
        .isInstanceOf(ExecutionFailedException.class)
        .hasMessageStartingWith("java.lang.InterruptedException");
    assertThat(Thread.interrupted()).isTrue();
    interrupter.join();
  }
}
