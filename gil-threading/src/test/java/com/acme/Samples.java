// SPDX-License-Identifier: Apache-2.0
package com.acme;

import java.io.Serializable;
import java.util.List;
import java.util.function.Supplier;

/** Methods to disassemble; a user's, so they are instrumented. */
@SuppressWarnings("unused")
public final class Samples {
  public static int num;

  private Samples() {}

  public static void increment() {
    num++;
  }

  public static int locals(String text, long[] numbers) {
    int sum = 0;
    for (int i = 0; i < numbers.length; i++) {
      sum += (int) numbers[i];
    }
    return sum + text.length();
  }

  public static String constants() {
    return "a \"text\"\n" + num + Long.valueOf(10_000_000_000L) + Samples.class;
  }

  public static int choose(int key) {
    return switch (key) {
      case 1 -> 10;
      case 2 -> 20;
      case 1_000 -> 30;
      default -> 40;
    };
  }

  public static int guarded(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  public static Supplier<Runnable> lambdas(int n) {
    Runnable reference = Samples::increment;
    return () -> () -> System.out.println(n + reference.toString());
  }

  public static void overloaded(int one, String other) {}

  public static void overloaded(List<String> list) {}

  public static void overloaded(Object... all) {}

  public static native int natively(int a);

  public interface Shape {
    double area();

    default String shown() {
      return "area " + area();
    }
  }

  public static class Square implements Shape, Comparable<Square> {
    private final double side;

    public Square(double side) {
      this.side = side;
    }

    @Override
    public double area() {
      return side * side;
    }

    @Override
    public int compareTo(Square other) {
      return Double.compare(side, other.side);
    }
  }

  public static final class SmallSquare extends Square {
    SmallSquare() {
      super(1);
    }
  }

  /** Its initializer must not run. */
  public static final class Explosive {
    static final int FUSE = light();

    private static int light() {
      throw new IllegalStateException("was initialized");
    }

    public static int fuse() {
      return FUSE;
    }
  }

  public interface Step extends Runnable, Serializable {}
}
