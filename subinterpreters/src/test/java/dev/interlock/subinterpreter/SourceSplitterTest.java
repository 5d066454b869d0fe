// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SourceSplitterTest {
  private static List<String> parts(String source) {
    return new SourceSplitter(source).parts().stream().map(SourceText.Part::code).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "int a = 1;",
        "import java.util.*;",
        "import static java.lang.Math.abs;",
        "int[] a = {1, 2};",
        "int[][] a = {{1}, {2}};",
        "Runnable r = () -> { f(); };",
        "x = new A() { void f() {} };",
        "new A() { void f() {} }.f();",
        "f(new A() { void f() {} }, () -> { g(); });",
        "int f() { return 1; }",
        "private static final int[] f(int... a) throws X, Y { return a; }",
        "<T> void f(T t) { g(t); }",
        "@A(b = {1, 2}) @C.D void f() {}",
        "class A<T extends B> extends B implements C { int x; { x = 1; } }",
        "public sealed interface A permits B, C {}",
        "non-sealed class B implements A {}",
        "@interface A { int b() default 1; }",
        "enum A { B, C { void f() {} }; void f() {} }",
        "record A(int b, String c) { A { f(); } }",
        "record A<T>(T t) {}",
        "int record = 1;",
        "record = 2;",
        "record.f();",
        "if (a) b();",
        "if (a) { b(); } else if (c) d(); else { e(); }",
        "for (;;) { f(); }",
        "for (int i : a) if (i > 0) f(); else g();",
        "while (f()) ;",
        "do f(); while (g());",
        "do { f(); } while (g());",
        "try (A a = b(); C c = d()) { e(); } catch (F | G x) { h(); } finally { i(); }",
        "try { f(); } finally { g(); }",
        "switch (a) { case 1: f(); break; default: }",
        "int a = switch (b) { case 1 -> { yield 2; } default -> 3; };",
        "synchronized (a) { f(); }",
        "a: for (;;) { break a; }",
        "String s = \"a; } \\\" {\";",
        "char c = ';', d = '\\'', e = '{';",
        "String s = \"\"\"\n a; \\\"\"\" }\n \"\"\";",
        "a.<B>f(c).g(d -> { e(); });",
        "A::f;",
        "var x = a ? b : c;",
        "throw new X() { };",
        "{ int a; f(a); }",
        "assert a : b;",
        "a[0] = b[c(d)];",
        "1 + 2",
        "/* a; */ int a /* ; */ = 1 // ; {\n ;"
      })
  void oneOfThemIsOnePartAlsoBetweenOthers(String part) {
    String alone = part.replaceFirst("^/\\*.*?\\*/ ", "");
    assertThat(parts(part)).containsExactly(alone);
    String last = part.equals("1 + 2") ? part + ";" : alone;
    assertThat(parts("int before;\n" + last + "\nint after;"))
        .containsExactly("int before;", last, "int after;");
  }

  @Test
  void positionsAreThoseOfTheSource() {
    SourceText text = new SourceText("int a;\n\n  int b;\r\n\tint c;");
    assertThat(text.parts()).extracting(SourceText.Part::start).containsExactly(0, 10, 19);
    assertThat(text.line(0)).isEqualTo(1);
    assertThat(text.line(10)).isEqualTo(3);
    assertThat(text.problem(10, "x")).isEqualTo(new InvalidSourceException.Problem(3, 3, "x"));
    assertThat(text.problem(10_000, "x").line()).as("beyond the end").isEqualTo(4);
  }

  @Test
  void damagedSourceIsDividedAllTheSame() {
    String sound =
        "class A { int f(String s) { return s.isEmpty() ? 1 : 2; } } if (a) { b(\"c\"); } else d();"
            + " @E int[] g = {1, 'x'}; do h(); while (i); try { j(); } catch (K k) { } \"\"\" t \"\"\"";
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder damaged = new StringBuilder(sound);
      for (int i = 0; i < 3; i++) {
        int at = random.nextInt(damaged.length());
        damaged.delete(at, Math.min(damaged.length(), at + random.nextInt(20)));
      }
      String source = damaged.toString();
      int end = 0;
      for (SourceText.Part part : new SourceSplitter(source).parts()) {
        assertThat(part.start()).as(source).isGreaterThanOrEqualTo(end);
        end = part.start() + part.code().length();
        assertThat(source.substring(part.start(), end)).isEqualTo(part.code());
      }
      assertThat(end).as(source).isLessThanOrEqualTo(source.length());
    }
  }
}
