// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import java.util.List;

/** The times of one cell's runs, in milliseconds, and what can be said about them. Immutable. */
public final class Samples {
  /** Medians closer than this share of the larger one count as equal, whatever their ranges. */
  static final double LEAST_DIFFERENCE = 0.10;

  private final List<Double> sorted;

  Samples(List<Double> millis) {
    this.sorted = millis.stream().sorted().toList();
  }

  int count() {
    return sorted.size();
  }

  double median() {
    return percentile(50);
  }

  /**
   * A percentile, interpolated between the two nearest runs.
   *
   * @throws IllegalStateException if there is no run
   */
  double percentile(double percent) {
    if (sorted.isEmpty()) {
      throw new IllegalStateException("No runs, so no percentile.");
    }
    double rank = percent / 100 * (sorted.size() - 1);
    int below = (int) rank;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (rank - below) * (sorted.get(above) - sorted.get(below));
  }

  /** How much less time these took than {@code other}, as a share of the other's median. */
  double gainOver(Samples other) {
    return other.median() == 0 ? 0 : 1 - median() / other.median();
  }

  /**
   * Whether these are faster beyond noise: the median is at least a tenth lower, and the middle
   * halves of the runs do not overlap.
   */
  boolean fasterThan(Samples other) {
    return gainOver(other) >= LEAST_DIFFERENCE && percentile(75) < other.percentile(25);
  }
}
