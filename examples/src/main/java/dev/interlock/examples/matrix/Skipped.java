// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

/**
 * A strategy that was not measured at all.
 *
 * @param strategy its name
 * @param reason why, and what to do to have it measured
 */
public record Skipped(String strategy, String reason) {

  /** Spark, which comes only for who asks for it. */
  public static Skipped spark() {
    return new Skipped(Spark.NAME, "not on the class path; '--strategies spark' measures it.");
  }
}
