// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** How the programs measure that give figures beside CPython's, and the lines that they print. */
final class Timing {
  private Timing() {}

  /** What is timed. */
  interface Body {
    void run() throws Exception;
  }

  static double seconds(Body body) throws Exception {
    long startNs = System.nanoTime();
    body.run();
    return (System.nanoTime() - startNs) / 1e9;
  }

  static double median(double[] values) {
    return quantile(values, 50);
  }

  /**
   * @param percent below 100
   */
  static double quantile(double[] values, int percent) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length * percent / 100];
  }

  /** A figure as {@code benchmarks/cpython} prints it. */
  static String line(String name, double value, String unit) {
    return String.format(Locale.ROOT, "%s\t%.6g\t%s", name, value, unit);
  }
}
