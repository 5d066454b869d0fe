// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.util.Locale;

/**
 * Where tasks wait for their turn. Each is a FAIR pool of Spark's, shared by all executors of the
 * SparkContext: none waits for another.
 */
enum Lane {
  /** Submitted tasks. */
  SUBMITS,
  /** Chunks of {@code map}. */
  CHUNKS,
  /** Tasks that may have taken an executor down: one at a time. */
  SUSPECTS;

  /** The name of the pool. */
  String pool() {
    return "interlock-" + name().toLowerCase(Locale.ROOT);
  }

  static Lane of(Shipment shipment) {
    return shipment.isSuspect() ? SUSPECTS : shipment.run().isChunk() ? CHUNKS : SUBMITS;
  }
}
