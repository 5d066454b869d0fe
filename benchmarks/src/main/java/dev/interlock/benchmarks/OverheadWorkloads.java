// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What the overhead of instrumentation is measured on: each method is one kind of code, depends on
 * nothing but its arguments, and returns a number by which two runs can be compared.
 */
public final class OverheadWorkloads {
  private OverheadWorkloads() {}

  /** A loop with nothing but a {@code long} addition. */
  public static long sumLong(int n) {
    long sum = 0;
    for (int i = 0; i < n; i++) {
      sum += i * 3L;
    }
    return sum;
  }

  /** A loop over an array, which the JIT vectorizes. */
  public static int sumInt(int[] numbers) {
    int sum = 0;
    for (int i = 0; i < numbers.length; i++) {
      sum += numbers[i];
    }
    return sum;
  }

  /** The number of primes up to n: short and long loops, with steps that are not constant. */
  public static int sieve(int n) {
    boolean[] composite = new boolean[n + 1];
    int primes = 0;
    for (int i = 2; i <= n; i++) {
      if (!composite[i]) {
        primes++;
        for (long j = (long) i * i; j <= n; j += i) {
          composite[(int) j] = true;
        }
      }
    }
    return primes;
  }

  /** Calls into the JDK that may call back. */
  public static int mapPuts(int n) {
    Map<Integer, Integer> map = new HashMap<>();
    for (int i = 0; i < n; i++) {
      map.merge(i & 1023, i, Integer::sum);
      map.put(i & 2047, i);
    }
    return map.size() + map.getOrDefault(7, 0);
  }

  /** Calls into the JDK that do nothing but compute. */
  public static int strings(int n) {
    int length = 0;
    for (int i = 0; i < n; i++) {
      StringBuilder builder = new StringBuilder();
      for (int j = 0; j < 8; j++) {
        builder.append(i + j).append(',');
      }
      length += builder.toString().hashCode() & 15;
    }
    return length;
  }

  /** Nothing but calls. */
  public static int fib(int n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
  }

  /** The trace of a product: an inner loop that is short, and often entered. */
  public static double matrixProduct(double[][] a, double[][] b) {
    int n = a.length;
    double[][] c = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        double aik = a[i][k];
        double[] row = b[k];
        double[] to = c[i];
        for (int j = 0; j < n; j++) {
          to[j] += aik * row[j];
        }
      }
    }
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += c[i][i];
    }
    return trace;
  }

  /** Virtual calls of small methods, and objects that live shortly. */
  public static long objects(int n) {
    Shape[] shapes = {new Circle(3), new Square(4), new Circle(5), new Square(6)};
    long area = 0;
    for (int i = 0; i < n; i++) {
      area += shapes[i & 3].scaled(i & 7).area();
    }
    return area;
  }

  /** A square matrix with numbers that depend on the seed. */
  public static double[][] matrix(int n, int seed) {
    double[][] matrix = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        matrix[i][j] = (i * 31 + j * 17 + seed) % 101;
      }
    }
    return matrix;
  }

  /** An array with numbers that depend on the seed. */
  public static int[] numbers(int n, int seed) {
    int[] numbers = new int[n];
    Arrays.setAll(numbers, i -> i * 7 + seed);
    return numbers;
  }

  private interface Shape {
    Shape scaled(int by);

    long area();
  }

  private record Circle(int radius) implements Shape {
    @Override
    public Shape scaled(int by) {
      return new Circle(radius * by);
    }

    @Override
    public long area() {
      return 3L * radius * radius;
    }
  }

  private record Square(int side) implements Shape {
    @Override
    public Shape scaled(int by) {
      return new Square(side * by);
    }

    @Override
    public long area() {
      return (long) side * side;
    }
  }
}
