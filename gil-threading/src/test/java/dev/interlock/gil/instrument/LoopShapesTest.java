// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.gil.gate.Gate;
import dev.interlock.gil.gate.InterlockGate;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Loops of all shapes, with bounds where integers overflow and where chunks end, compute the same
 * with and without checks, and are checked at least once per chunk.
 */
class LoopShapesTest {
  private static final int CHUNK = 4096;
  private static final int RUNS_PER_SHAPE = 30;

  /** The head of the loop, then the body; {@code i} is the index, {@code n} and {@code p} given. */
  private static final List<String[]> SHAPES = shapes();

  private int checks;

  private static List<String[]> shapes() {
    List<String> heads = new ArrayList<>();
    for (String limit : List.of("n", "array.length", "limit", "5000", "Integer.MAX_VALUE")) {
      for (String step : List.of("i++", "i += 2", "i += 7", "i += 32767", "i += p")) {
        heads.add("for (int i = a; i < " + limit + "; " + step + ")");
        heads.add("for (int i = a; i <= " + limit + "; " + step + ")");
      }
    }
    for (String limit : List.of("n", "0", "-3", "Integer.MIN_VALUE")) {
      for (String step : List.of("i--", "i -= 2", "i -= 7", "i -= 32767")) {
        heads.add("for (int i = a; i > " + limit + "; " + step + ")");
        heads.add("for (int i = a; i >= " + limit + "; " + step + ")");
      }
    }
    heads.add("for (int i = a; i != n; i++)");
    heads.add("for (int i = a; i < n; i--)");
    heads.add("for (int i = a; i < 0; i++)");
    heads.add("for (int i = a; i < n; i -= p)");
    heads.add("for (long i = a; i < n; i++)");
    List<String> bodies =
        List.of(
            "",
            "if ((i & 3) == 1) continue; h += 5;",
            "if (h % 9001 == 77) break;",
            "if (i % 3 == 0) { h ^= i; } else if (i % 3 == 1) { h += 2; } else { continue; }",
            "switch ((int) i & 7) { case 1: h++; break; case 2: continue; default: h--; }",
            "if (h % 997 == 3) i += 2;",
            "h += Math.abs(i % 100); ",
            "int t = (int) i; long w = t; double d = w; h += (long) d;",
            "for (int k = 0; k < 3; k++) h += k * i;",
            "try { h += 10 / ((int) i & 3); } catch (ArithmeticException e) { h += 3; }");
    List<String[]> shapes = new ArrayList<>();
    for (String head : heads) {
      for (String body : bodies) {
        shapes.add(new String[] {head, body});
      }
    }
    return shapes;
  }

  private static String source() {
    StringBuilder code =
        new StringBuilder("public class Loops {\n  public int limit;\n  public int left;\n");
    for (int i = 0; i < SHAPES.size(); i++) {
      code.append("  public long m").append(i);
      code.append("(int a, int n, int p, int[] array, int fuel) {\n    long h = 1;\n    ");
      code.append(SHAPES.get(i)[0]).append(" {\n      h = h * 31 + i;\n");
      code.append("      if (--fuel < 0) { left = fuel; return h; }\n      ");
      code.append(SHAPES.get(i)[1]).append("\n    }\n    left = fuel;\n    return h;\n  }\n");
    }
    return code.append("}\n").toString();
  }

  @AfterEach
  void restoreGate() {
    InterlockGate.breaker = 0;
    InterlockGate.hook = null;
  }

  @Test
  void computeTheSameAndAreCheckedOncePerChunk() throws Exception {
    Map<String, byte[]> original = Compiled.source("Loops", source());
    Instrumented coarse =
        new ClassInstrumenter(original::containsKey)
            .instrument(original.get("Loops"), SwitchPoints.COARSE);
    assertThat(coarse.insertions().splitLoops()).isGreaterThan(SHAPES.size() / 2);
    Class<?> plain = new GateLoader(original).loadClass("Loops");
    Class<?> checked = new GateLoader(Map.of("Loops", coarse.classFile())).loadClass("Loops");
    InterlockGate.hook =
        event -> {
          if (event == Gate.LOOP) {
            checks++;
          }
        };
    InterlockGate.breaker = 1;
    Random random = new Random(7);
    Object plainLoops = plain.getConstructor().newInstance();
    Object checkedLoops = checked.getConstructor().newInstance();
    for (int shape = 0; shape < SHAPES.size(); shape++) {
      Method expected = method(plain, "m" + shape);
      Method actual = method(checked, "m" + shape);
      for (int run = 0; run < RUNS_PER_SHAPE; run++) {
        int fuel = fuel(random);
        Object[] arguments = {
          bound(random), bound(random), step(random), new int[random.nextInt(9000)], fuel
        };
        int limit = bound(random);
        plain.getField("limit").setInt(plainLoops, limit);
        checked.getField("limit").setInt(checkedLoops, limit);
        checks = 0;
        String loop = String.join(" ", SHAPES.get(shape)) + List.of(arguments) + " limit " + limit;
        assertThat(actual.invoke(checkedLoops, arguments))
            .as(loop)
            .isEqualTo(expected.invoke(plainLoops, arguments));
        int iterations = fuel - checked.getField("left").getInt(checkedLoops);
        assertThat(iterations).as(loop).isEqualTo(fuel - plain.getField("left").getInt(plainLoops));
        assertThat(checks).as(loop).isGreaterThanOrEqualTo((iterations - 1) / CHUNK - 1);
      }
    }
  }

  @Test
  void hasNoCheckInItsFirstChunk() throws Exception {
    Map<String, byte[]> original = Compiled.source("Loops", source());
    Class<?> checked =
        new GateLoader(GateLoader.instrumented(original, SwitchPoints.COARSE)).loadClass("Loops");
    Object loops = checked.getConstructor().newInstance();
    InterlockGate.hook =
        event -> {
          if (event == Gate.LOOP) {
            checks++;
          }
        };
    InterlockGate.breaker = 1;
    Method upToN = method(checked, "m0");
    upToN.invoke(loops, 0, CHUNK, 0, new int[0], Integer.MAX_VALUE);
    assertThat(checks).isZero();
    upToN.invoke(loops, 0, CHUNK + 1, 0, new int[0], Integer.MAX_VALUE);
    assertThat(checks).isEqualTo(1);
    checks = 0;
    upToN.invoke(loops, -50_000, 50_000, 0, new int[0], Integer.MAX_VALUE);
    assertThat(checks).isEqualTo(100_000 / CHUNK);
    checks = 0;
    method(checked, "m10").invoke(loops, 0, CHUNK - 1, 0, new int[0], Integer.MAX_VALUE);
    assertThat(checks).isZero();
  }

  private static Method method(Class<?> of, String name) {
    for (Method method : of.getMethods()) {
      if (method.getName().equals(name)) {
        return method;
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static int fuel(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> 2 * CHUNK + random.nextInt(CHUNK);
      case 1 -> CHUNK + random.nextInt(41) - 20;
      default -> random.nextInt(60);
    };
  }

  private static int step(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> -1 - random.nextInt(5);
      case 2 -> Integer.MAX_VALUE - random.nextInt(3);
      case 3 -> Integer.MIN_VALUE + random.nextInt(3);
      default -> 1 + random.nextInt(1000);
    };
  }

  private static int bound(Random random) {
    int near =
        switch (random.nextInt(5)) {
          case 0 -> Integer.MAX_VALUE;
          case 1 -> Integer.MIN_VALUE;
          case 2 -> CHUNK * random.nextInt(4);
          case 3 -> Integer.MAX_VALUE - CHUNK * random.nextInt(4);
          default -> 0;
        };
    return near + random.nextInt(41) - 20;
  }
}
